import Foundation
import GradientFlow

/// Sums over the updates of a row of `training.csv`.
public struct UpdateSums: Sendable, Equatable {
  /// What is summed up, in the order of a checkpoint.
  package enum Sum: Int, CaseIterable {
    case updates, loss, before, after, change, share, engaged, largest, omega, omegaCount
    case cosines, cosineCount, leastCosine, events, eventStep, rate
  }

  /// In the order of ``Sum``, as a checkpoint keeps them.
  package private(set) var numbers: [Double]

  package init() {
    numbers = Array(repeating: 0, count: Sum.allCases.count)
    self[.largest] = -.infinity
    self[.leastCosine] = .nan
    self[.eventStep] = .nan
    self[.rate] = .nan
  }

  /// As a checkpoint left them; nil where they are not what they should be.
  package init?(_ numbers: [Double]) {
    guard numbers.count == Sum.allCases.count else { return nil }
    self.numbers = numbers
  }

  package private(set) subscript(sum: Sum) -> Double {
    get { numbers[sum.rawValue] }
    set { numbers[sum.rawValue] = newValue }
  }

  /// How many updates there are.
  package var count: Int { Int(self[.updates]) }

  /// NaN over none.
  package func mean(_ sum: Sum, over count: Sum = .updates) -> Double {
    self[count] > 0 ? self[sum] / self[count] : .nan
  }

  package mutating func add(_ account: UpdateAccount) {
    let (before, after) = (account.normBefore.log10, account.normAfter.log10)
    self[.updates] += 1
    self[.loss] += account.loss
    self[.before] += before
    self[.after] += after
    self[.largest] = max(self[.largest], before)
    self[.change] += log10(account.updateNorm)
    self[.share] += account.clippedShare
    if account.isClipped { self[.engaged] += 1 }
    if let omega = account.omega {
      self[.omega] += omega
      self[.omegaCount] += 1
    }
    if let cosine = account.cosine {
      self[.cosines] += cosine
      self[.cosineCount] += 1
      self[.leastCosine] = self[.leastCosine].isNaN ? cosine : min(self[.leastCosine], cosine)
    }
    if let event = account.event {
      self[.events] += 1
      self[.eventStep] = Double(event.step)
    }
    self[.rate] = account.learningRate
  }
}
