import GradientFlow

/// A training record while it grows.
struct TrainingHistory: Sendable, Equatable {
  private var rows: [TrainingColumn: [Double]] = [:]
  private var rowCount = 0
  private var profiles: [ProfileColumn: [Double]] = [:]
  private var profileRows = 0
  private var open = UpdateSums()

  package init() {}

  /// As a checkpoint left it; nil where the sums of the open row are not what they should be.
  package init?(_ record: TrainingRecord, openRow: [Double]) {
    guard let open = UpdateSums(openRow) else { return nil }
    (rows, rowCount) = (record.rows.columns, record.rows.rows)
    (profiles, profileRows) = (record.profiles.columns, record.profiles.rows)
    self.open = open
  }

  /// The sums of the open row, for a checkpoint.
  var openRow: [Double] { open.numbers }

  /// All rows so far.
  package var record: TrainingRecord {
    TrainingRecord(
      rows: ColumnTable(rows: rowCount, columns: rows),
      profiles: ColumnTable(rows: profileRows, columns: profiles))
  }

  /// The loss of the newest row that has one.
  var lastLoss: Double? { rows[.loss]?.last { !$0.isNaN } }

  /// Whether there are updates that no row sums up yet.
  var hasOpenRow: Bool { open.count > 0 }

  /// Takes in an update.
  package mutating func add(_ account: UpdateAccount) { open.add(account) }

  /// Closes a row, which sums up the updates since the one before.
  mutating func closeRow(_ row: TrainingRow) {
    var row = row
    row.updates = open
    for column in TrainingRow.columns {
      let value = column.value(row)
      if value == nil, rows[column] == nil { continue }
      rows[column, default: Array(repeating: .nan, count: rowCount)].append(value ?? .nan)
    }
    rowCount += 1
    open = UpdateSums()
  }

  /// Takes in a profile: rows t = 0…T.
  package mutating func add(_ profile: TrainingProfile) {
    for column in TrainingProfile.columns {
      let values = column.value(profile)
      if values == nil, profiles[column] == nil { continue }
      profiles[column, default: Array(repeating: .nan, count: profileRows)] +=
        values ?? Array(repeating: .nan, count: profile.steps + 1)
    }
    profileRows += profile.steps + 1
  }
}
