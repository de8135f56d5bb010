import Foundation
import GradientFlow

/// A training record while it grows.
struct TrainingHistory: Sendable, Equatable {
  private var rows: [TrainingColumn: [Double]] = [:]
  private var rowCount = 0
  private var profiles: [ProfileColumn: [Double]] = [:]
  private var profileRows = 0
  private var window = UpdateWindow()

  init() {}

  /// As a checkpoint left it; nil where the sums of the open row are not what they should be.
  init?(_ record: TrainingRecord, window: [Double]) {
    guard let open = UpdateWindow(window) else { return nil }
    (rows, rowCount) = (record.rows.columns, record.rows.rows)
    (profiles, profileRows) = (record.profiles.columns, record.profiles.rows)
    self.window = open
  }

  /// The sums of the open row, for a checkpoint.
  var openWindow: [Double] { window.numbers }

  /// All rows so far.
  var record: TrainingRecord {
    TrainingRecord(
      rows: ColumnTable(rows: rowCount, columns: rows),
      profiles: ColumnTable(rows: profileRows, columns: profiles))
  }

  /// The loss of the newest row that has one.
  var lastLoss: Double? { rows[.loss]?.last { !$0.isNaN } }

  /// Whether there are updates that no row sums up yet.
  var hasOpenWindow: Bool { window.updates > 0 }

  /// Takes in an update.
  mutating func add(_ account: UpdateAccount) { window.add(account) }

  /// Closes a row.
  ///
  /// - Parameter values: what it has beside the sums over its updates.
  mutating func closeRow(iteration: Int, _ values: [TrainingColumn: Double]) {
    let row = window.columns.merging(values) { $1 }.merging([.iteration: Double(iteration)]) { $1 }
    for column in Set(row.keys).union(rows.keys) {
      rows[column, default: Array(repeating: .nan, count: rowCount)].append(row[column] ?? .nan)
    }
    rowCount += 1
    window = UpdateWindow()
  }

  /// Takes in a profile: rows t = 0…T.
  mutating func add(_ profile: TrainingProfile) {
    func fromOne(_ values: [Double]?) -> [Double]? { values.map { [.nan] + $0 } }
    var columns: [ProfileColumn: [Double]?] = [
      .iteration: Array(repeating: Double(profile.iteration), count: profile.steps + 1),
      .t: (0...profile.steps).map(Double.init),
      .hidden: profile.hidden, .hiddenAfterClip: profile.hiddenAfterClip, .immediate: profile.immediate,
      .hiddenMean: profile.hiddenMean, .cell: profile.cell.isEmpty ? nil : profile.cell,
      .preactivation: fromOne(profile.preactivation), .weightHH: fromOne(profile.weightHH),
      .weightIH: fromOne(profile.weightIH), .biasIH: fromOne(profile.biasIH),
      .cutShare: fromOne(profile.cutShares), .memory: fromOne(profile.memory),
    ]
    for (gate, values) in profile.saturation { columns[.saturation(of: gate)] = fromOne(values) }
    for (gate, values) in profile.preactivationByGate {
      if let column = ProfileColumn.gradient(of: gate) { columns[column] = fromOne(values) }
    }
    let present = columns.compactMapValues { $0 }
    for column in Set(present.keys).union(profiles.keys) {
      profiles[column, default: Array(repeating: .nan, count: profileRows)] +=
        present[column] ?? Array(repeating: .nan, count: profile.steps + 1)
    }
    profileRows += profile.steps + 1
  }
}

/// Sums over the updates of a row.
private struct UpdateWindow: Sendable, Equatable {
  /// What is summed up, in the order of a checkpoint.
  private enum Sum: Int, CaseIterable {
    case updates, loss, before, after, change, share, engaged, largest, omega, omegaCount, cosines,
      cosineCount
    case leastCosine, events, eventStep, rate
  }

  private(set) var numbers: [Double]

  init() {
    numbers = Array(repeating: 0, count: Sum.allCases.count)
    self[.largest] = -.infinity
    self[.leastCosine] = .nan
    self[.eventStep] = .nan
    self[.rate] = .nan
  }

  init?(_ numbers: [Double]) {
    guard numbers.count == Sum.allCases.count else { return nil }
    self.numbers = numbers
  }

  private subscript(sum: Sum) -> Double {
    get { numbers[sum.rawValue] }
    set { numbers[sum.rawValue] = newValue }
  }

  var updates: Int { Int(self[.updates]) }

  mutating func add(_ account: UpdateAccount) {
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

  var columns: [TrainingColumn: Double] {
    let n = self[.updates]
    guard n > 0 else { return [.updates: 0] }
    func mean(_ sum: Sum, _ count: Sum) -> Double { self[count] > 0 ? self[sum] / self[count] : .nan }
    return [
      .updates: n, .learningRate: self[.rate], .loss: self[.loss] / n, .gradBefore: self[.before] / n,
      .gradBeforeMax: self[.largest], .gradAfter: self[.after] / n, .engaged: self[.engaged] / n,
      .clippedShare: self[.share] / n, .cosine: mean(.cosines, .cosineCount),
      .cosineMin: self[.leastCosine], .omega: mean(.omega, .omegaCount), .update: self[.change] / n,
      .events: self[.events], .eventStep: self[.eventStep],
    ]
  }
}
