// swift-format-ignore-file: AlwaysUseLowerCamelCase

import Foundation
import GradientFlow
import TestSupport
import Testing

/// Components of one vector that lie further apart than float reaches, against the naive network in double precision,
/// which still holds them: every loss, clip and cell, component by component.
@Suite("Components further apart than the precision reaches")
struct WideRecursionTests {
  /// W_hh diagonal: after T steps the units' gradients are up to 100 decades apart.
  static func network(_ cell: NaiveNetwork.Cell, _ loss: NaiveLoss.Kind) -> NaiveNetwork {
    var network = NaiveNetwork(cell, NaiveSizes(30, 2, 2, 4, seed: 11), loss: loss, hasInitialState: true)
    let scales = [0.9, 0.1, 2e-3, 4e-4]
    for row in network.W_hh.indices {
      for column in 0..<4 { network.W_hh[row][column] = row % 4 == column ? scales[column] : 0 }
    }
    // A GRU and an LSTM keep their states otherwise.
    if cell == .gru { for k in 4..<8 { network.b_ih[k] = -30 } }
    if cell == .lstm { for k in 4..<8 { network.b_ih[k] = -25 } }
    return network
  }

  /// Floats of a forward pass of 30 steps.
  private static func agree(_ a: [Double], _ b: [Double]) -> String? {
    difference(a, b, relative: 2e-3, absolute: 1e-290)
  }

  @Test(arguments: NaiveNetwork.Cell.allCases, NaiveLoss.Kind.allCases)
  func everyComponentAgreesWithTheNaiveKernel(_ cell: NaiveNetwork.Cell, _ loss: NaiveLoss.Kind) {
    let network = Self.network(cell, loss)
    let naive = network.backward(through: network.forward())
    let run = network.run(Float.self)
    #expect(Self.agree(run.recorded.hidden, flat(naive.delta)) == nil)
    if cell != .gru { #expect(Self.agree(run.recorded.preactivation, flat(naive.gamma)) == nil) }
    if cell == .lstm { #expect(Self.agree(run.recorded.cell, flat(naive.kappa)) == nil) }
    // A copy in segments computes the same.
    let cut = network.run(Float.self, tapeBudget: 1)
    #expect(cut.recorded == run.recorded)
    #expect(cut.steps == run.steps)
  }

  @Test(arguments: NaiveNetwork.Cell.allCases)
  func clippingKeepsEveryComponent(_ cell: NaiveNetwork.Cell) {
    let network = Self.network(cell, .crossEntropyEveryStep)
    let limit = 0.01
    let naive = network.backward(through: network.forward()) { delta in
      let norm = delta.joined().reduce(0) { $0 + $1 * $1 }.squareRoot()
      return norm > limit ? delta.map { $0.map { $0 * limit / norm } } : delta
    }
    let run = network.run(Float.self, clip: .batch(threshold: limit))
    #expect(Self.agree(run.recorded.hidden, flat(naive.delta)) == nil)
  }

  // Without a probe that looks at components the norms, and the whole gradients, are the same to rounding.
  @Test(arguments: NaiveNetwork.Cell.allCases)
  func normsDoNotDependOnWhoLooks(_ cell: NaiveNetwork.Cell) {
    let network = Self.network(cell, .finalDot)
    let naive = network.backward(through: network.forward())
    let run = network.run(Float.self)
    let expected = naive.delta.map { delta in
      log10Norm(delta.flatMap { $0 })
    }
    #expect(difference(run.steps.hidden, expected, absolute: 1e-3) == nil)
    let unobserved = network.unobserved(Float.self)
    for (observed, alone) in zip(run.gradients.named, unobserved.gradients.named) {
      #expect(observed.gradient.norm == alone.gradient.norm)
    }
  }

  private func flat(_ values: [[[Double]]]) -> [Double] { values.flatMap { $0.flatMap { $0 } } }

  private func log10Norm(_ values: [Double]) -> Double {
    log10(values.reduce(0) { $0 + $1 * $1 }.squareRoot())
  }
}
