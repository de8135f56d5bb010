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

  /// As a checkpoint left it.
  init(_ record: TrainingRecord) {
    (rows, rowCount) = (record.rows.columns, record.rows.rows)
    (profiles, profileRows) = (record.profiles.columns, record.profiles.rows)
  }

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
  private(set) var updates = 0
  private var loss = 0.0, before = 0.0, after = 0.0, change = 0.0, share = 0.0, engaged = 0.0
  private var largest = -Double.infinity
  private var omega: Double?
  private var cosines = 0.0, cosineCount = 0, leastCosine = Double.nan
  private var events = 0, eventStep = Double.nan, rate = Double.nan

  mutating func add(_ account: UpdateAccount) {
    updates += 1
    loss += account.loss
    let (logBefore, logAfter) = (account.normBefore.log10, account.normAfter.log10)
    before += logBefore
    after += logAfter
    largest = max(largest, logBefore)
    change += log10(account.updateNorm)
    share += account.clippedShare
    if account.isClipped { engaged += 1 }
    if let value = account.omega { omega = (omega ?? 0) + value }
    if let cosine = account.cosine {
      cosines += cosine
      cosineCount += 1
      leastCosine = leastCosine.isNaN ? cosine : min(leastCosine, cosine)
    }
    if let event = account.event {
      events += 1
      eventStep = Double(event.step)
    }
    rate = account.learningRate
  }

  var columns: [TrainingColumn: Double] {
    guard updates > 0 else { return [.updates: 0] }
    let n = Double(updates)
    return [
      .updates: n, .learningRate: rate, .loss: loss / n, .gradBefore: before / n, .gradBeforeMax: largest,
      .gradAfter: after / n, .engaged: engaged / n, .clippedShare: share / n,
      .cosine: cosineCount > 0 ? cosines / Double(cosineCount) : .nan, .cosineMin: leastCosine,
      .omega: omega.map { $0 / n } ?? .nan, .update: change / n, .events: Double(events),
      .eventStep: eventStep,
    ]
  }
}
