import GradientFlow

/// A training record while it grows.
struct TrainingHistory: Sendable, Equatable {
  /// All rows so far.
  private(set) var record = TrainingRecord()
  private var open = UpdateSums()

  init() {}

  /// As a checkpoint left it; nil where the sums of the open row are not what they should be.
  init?(_ record: TrainingRecord, openRow: [Double]) {
    guard let open = UpdateSums(openRow) else { return nil }
    self.record = record
    self.open = open
  }

  /// The sums of the open row, for a checkpoint.
  var openRow: [Double] { open.numbers }

  /// The loss of the newest row that has one.
  var lastLoss: Double? { record.rows.columns[.loss]?.last { !$0.isNaN } }

  /// Whether there are updates that no row sums up yet.
  var hasOpenRow: Bool { open.count > 0 }

  /// Takes in an update.
  mutating func add(_ account: UpdateAccount) { open.add(account) }

  /// Closes a row, which sums up the updates since the one before.
  ///
  /// - Returns: the row with its sums.
  @discardableResult
  mutating func closeRow(_ row: TrainingRow) -> TrainingRow {
    var row = row
    row.updates = open
    record.rows.append(1) { column in column.value(row).map { [$0] } }
    open = UpdateSums()
    return row
  }

  /// Takes in the profiles of an update, one after the other: rows t = 0…T.
  mutating func add(_ profiles: [TrainingProfile]) {
    for profile in profiles { record.profiles.append(profile.steps + 1) { $0.value(profile) } }
  }
}
