import Foundation
import GRDB
import GradientFlow

extension RunStore {
  /// What is known of a stored trial without reading it whole.
  struct Summary: Sendable {
    let status: TrialStatus
    let seconds: Double?
    let checksum: Data?
  }

  private static let insertion: String = {
    let names =
      ["id", "parameters", "status", "message", "diverged_at", "decay_rate_lags"]
      + numberColumns.map(\.rawValue)
      + ["step_count", "step_columns", "step_values"] + trainingColumns.map(\.name)
      + ["seconds", "session", "checksum"]
    return """
      INSERT INTO trials (\(names.map { "\"\($0)\"" }.joined(separator: ", ")))
      VALUES (\(names.map { _ in "?" }.joined(separator: ", ")))
      """
  }()

  /// Stores trials in one transaction: all of them or none. A failed trial gives way to a later result of the same
  /// trial; anything else that is stored stays, and storing it again is an error.
  ///
  /// - Throws: ``RunError``.
  func save(_ trials: [StoredTrial]) throws {
    try write { db in
      let removal = try db.cachedStatement(sql: "DELETE FROM trials WHERE id = ? AND status = 'failed'")
      let insertion = try db.cachedStatement(sql: Self.insertion)
      for trial in trials {
        try removal.execute(arguments: [trial.id])
        try insertion.execute(arguments: StatementArguments(Self.values(trial)))
      }
    }
  }

  private static func values(_ trial: StoredTrial) -> [(any DatabaseValueConvertible)?] {
    let record = trial.record
    var values: [(any DatabaseValueConvertible)?] = [
      trial.id, trial.parameters, record.status.rawValue, record.message, record.divergedAt,
      record.decayRateLags,
    ]
    for column in numberColumns { values.append(column.number.flatMap { record[keyPath: $0] }) }
    let (columns, blob) = (record.steps?.columnList, record.steps?.blob)
    let checksum = RowChecksum.of(
      id: trial.id, parameters: trial.parameters, record: record, columnList: columns, blob: blob)
    values += [record.steps?.steps, columns, blob]
    let training = record.training
    values += [
      record.divergedKind?.rawValue, training?.rows.rows, training?.rows.columnList, training?.rows.blob,
      training?.profiles.rows, training?.profiles.columnList, training?.profiles.blob,
    ]
    return values + [trial.seconds, trial.session, checksum]
  }

  /// Status, time and checksum of every stored trial by id.
  func summaries() throws -> [String: Summary] {
    try read(whenEmpty: [:]) { db in
      var result: [String: Summary] = [:]
      // A store of schema 1, read where it cannot be changed, has no times and no checksums.
      let names = try Set(db.columns(in: "trials").map(\.name))
      let extra = ["seconds", "checksum"].map { names.contains($0) ? $0 : "NULL AS \($0)" }
      let rows = try Row.fetchCursor(
        db, sql: "SELECT id, status, \(extra.joined(separator: ", ")) FROM trials")
      while let row = try rows.next() {
        let status = try row.decode(String.self, forColumn: "status")
        result[try row.decode(String.self, forColumn: "id")] = Summary(
          status: TrialStatus(rawValue: status) ?? .failed,
          seconds: try row.decode(Double?.self, forColumn: "seconds"),
          checksum: try row.decode(Data?.self, forColumn: "checksum"))
      }
      return result
    }
  }

  /// One trial; nil if it is not stored. With its steps its checksum is tested.
  func record(_ id: String, withSteps: Bool = true) throws -> TrialRecord? {
    if withSteps { return try trial(id)?.record }
    return try read(whenEmpty: nil) { db in
      // A store of an older schema, read where it cannot be changed, lacks the newer columns.
      let present = try Set(db.columns(in: "trials").map(\.name))
      let columns =
        (["status", "message", "diverged_at", "decay_rate_lags"]
        + (["diverged_kind"] + Self.numberColumns.map(\.rawValue)).filter(present.contains))
        .map { "\"\($0)\"" }.joined(separator: ", ")
      return try Row.fetchOne(
        db.cachedStatement(sql: "SELECT \(columns) FROM trials WHERE id = ?"), arguments: [id]
      ).map { try record($0) }
    }
  }

  /// One trial whole; nil if it is not stored.
  func trial(_ id: String) throws -> StoredTrial? {
    try trial(sql: "SELECT * FROM trials WHERE id = ?", [id])
  }

  /// The trial in a row of the table; nil if the row is empty.
  func trial(row: Int64) throws -> StoredTrial? {
    try trial(sql: "SELECT * FROM trials WHERE rowid = ?", [row])
  }

  /// The highest number of a row; 0 in an empty table.
  func lastRow() throws -> Int64 {
    try read(whenEmpty: 0) { try Int64.fetchOne($0, sql: "SELECT max(rowid) FROM trials") ?? 0 }
  }

  private func trial(sql: String, _ arguments: StatementArguments) throws -> StoredTrial? {
    try read(whenEmpty: nil) { db in
      try Row.fetchOne(db.cachedStatement(sql: sql), arguments: arguments).map { try wholeTrial($0) }
    }
  }

  private func wholeTrial(_ row: Row) throws -> StoredTrial {
    var record = try record(row)
    let id = try row.decode(String.self, forColumn: "id")
    let parameters = try row.decode(String.self, forColumn: "parameters")
    var (columns, blob): (String?, Data?) = (nil, nil)
    if let steps = try row.decode(Int?.self, forColumn: "step_count") {
      let list = try row.decode(String.self, forColumn: "step_columns")
      let values = try row.decode(Data.self, forColumn: "step_values")
      guard let table = StepTable(steps: steps, columnList: list, blob: values) else {
        throw damaged("the steps of trial \(id) do not fit together")
      }
      record.steps = table
      (columns, blob) = (list, values)
    }
    record.training = try training(row, of: id)
    guard row.hasColumn("checksum") else {
      return StoredTrial(id: id, parameters: parameters, record: record, seconds: nil, session: nil)
    }
    if let checksum = try row.decode(Data?.self, forColumn: "checksum"),
      checksum
        != RowChecksum.of(id: id, parameters: parameters, record: record, columnList: columns, blob: blob)
    {
      throw damaged("trial \(id) is not what was written (its checksum differs)")
    }
    return StoredTrial(
      id: id, parameters: parameters, record: record,
      seconds: try row.decode(Double?.self, forColumn: "seconds"),
      session: try row.decode(Int64?.self, forColumn: "session"))
  }

  private func record(_ row: Row) throws -> TrialRecord {
    let name = try row.decode(String.self, forColumn: "status")
    guard let status = TrialStatus(rawValue: name) else { throw damaged("unknown status '\(name)'") }
    var record = TrialRecord(status: status)
    record.message = try row.decode(String?.self, forColumn: "message")
    record.divergedAt = try row.decode(Int?.self, forColumn: "diverged_at")
    record.decayRateLags = try row.decode(Int?.self, forColumn: "decay_rate_lags")
    if row.hasColumn("diverged_kind"), let kind = try row.decode(String?.self, forColumn: "diverged_kind") {
      guard let known = TrainingEvent.Kind(rawValue: kind) else {
        throw damaged("unknown divergence '\(kind)'")
      }
      record.divergedKind = known
    }
    for column in Self.numberColumns {
      if let number = column.number, row.hasColumn(column.rawValue) {
        record[keyPath: number] = try row.decode(Double?.self, forColumn: column.rawValue)
      }
    }
    return record
  }

  /// The course of a training; nil where the trial has none.
  private func training(_ row: Row, of id: String) throws -> TrainingRecord? {
    guard row.hasColumn("training_rows"), let rows = try row.decode(Int?.self, forColumn: "training_rows")
    else { return nil }
    func table<Column>(_ rows: Int, _ kind: String) throws -> ColumnTable<Column>? {
      ColumnTable(
        rows: rows, columnList: try row.decode(String.self, forColumn: kind + "_columns"),
        blob: try row.decode(Data.self, forColumn: kind + "_values"))
    }
    guard let course: ColumnTable<TrainingColumn> = try table(rows, "training"),
      let profiles: ColumnTable<ProfileColumn> = try table(
        try row.decode(Int.self, forColumn: "profile_rows"), "profile")
    else { throw damaged("the training of trial \(id) does not fit together") }
    return TrainingRecord(rows: course, profiles: profiles)
  }

  private func damaged(_ problem: String) -> RunError { .damaged(path: path, problem: problem) }
}
