import Foundation
import GRDB
import GradientFlow
import TextFiles
import Trials

extension RunStore {
  /// What is known about a stored trial without reading all of it.
  package struct Summary: Sendable {
    package let status: TrialStatus
    package let seconds: Double?
    package let checksum: Data?
  }

  private static let insertion = """
    INSERT INTO trials (\(columnNames.map { "\"\($0)\"" }.joined(separator: ", ")))
    VALUES (\(columnNames.map { ":" + $0 }.joined(separator: ", ")))
    """

  private static let wholeSelection = "SELECT * FROM trials WHERE id = ?"
  /// With the columns in a known order, and NULL in the place of what is long.
  private static let selection: String = {
    let columns = columnNames.map { name in
      longColumns.contains(name)
        ? "CASE WHEN length(\"\(name)\") >= \(LongValue.least) THEN NULL ELSE \"\(name)\" END" : "\"\(name)\""
    }
    return "SELECT \(columns.joined(separator: ", ")), rowid FROM trials WHERE id = ?"
  }()
  private static let positions = TrialRow.positions(of: columnNames + ["rowid"])

  /// Stores trials in one transaction: all of them or none. A failed trial gives way to a later result of the same
  /// trial; anything else that is stored stays, and storing it again is an error.
  ///
  /// - Throws: ``RunError``.
  package func save(_ trials: [StoredTrial]) throws {
    try write { db in
      let removal = try db.cachedStatement(sql: "DELETE FROM trials WHERE id = ? AND status = 'failed'")
      let insertion = try db.cachedStatement(sql: Self.insertion)
      for trial in trials {
        try removal.execute(arguments: [trial.id])
        let (values, bytes) = Self.row(trial)
        try insertion.setArguments(StatementArguments(values))
        let long = bytes.filter(\.isLong)
        for value in long { try LongValue.reserve(value.column, value.count, in: insertion) }
        try insertion.execute()
        for value in long {
          let place = try LongValue(value.column, ofRow: db.lastInsertedRowID, in: db, writes: true)
          var written = 0
          try value.content.forEachPiece { piece in
            try place.write(piece, at: written)
            written += piece.count
          }
        }
      }
    }
  }

  /// By the names of their columns; of what may be long, that which is too short to be written apart.
  private static func row(
    _ trial: StoredTrial
  ) -> (values: [String: (any DatabaseValueConvertible)?], bytes: [StoringBytes]) {
    let (record, training) = (trial.record, trial.record.training)
    let layers = StoredLayers(record)
    let bytes = [
      StoringBytes("step_values", record.steps), StoringBytes("training_values", training?.rows),
      StoringBytes("profile_values", training?.profiles), StoringBytes("layer_step_values", layers?.steps),
    ].compactMap(\.self)
    let checksum = RowChecksum(trial, layers).value()
    let tests = record.lengthTests.rows > 0 ? record.lengthTests : nil
    let byStep = record.stepTests.rows > 0 ? record.stepTests : nil
    let baselines = record.baselines.rows > 0 ? record.baselines : nil
    var values: [String: (any DatabaseValueConvertible)?] = [
      "id": trial.id, "parameters": trial.parameters, "status": record.status.rawValue,
      "message": record.message, "diverged_at": record.divergedAt, "decay_rate_lags": record.decayRateLags,
      "step_count": record.steps.map { $0.rows - 1 }, "step_columns": record.steps?.columnList,
      "seconds": trial.seconds, "session": trial.session, "checksum": checksum,
      "diverged_kind": record.divergedKind?.rawValue, "training_rows": training?.rows.rows,
      "training_columns": training?.rows.columnList, "profile_rows": training?.profiles.rows,
      "profile_columns": training?.profiles.columnList, "layer_places": layers?.places,
      "layer_columns": layers?.results.columnList, "layer_values": layers?.results.blob,
      "layer_step_counts": layers?.stepCounts, "layer_step_columns": layers?.steps.columnList,
      "test_rows": tests?.rows, "test_columns": tests?.columnList, "test_values": tests?.blob,
      "step_test_rows": byStep?.rows, "step_test_columns": byStep?.columnList,
      "step_test_values": byStep?.blob, "baseline_rows": baselines?.rows,
      "baseline_columns": baselines?.columnList, "baseline_values": baselines?.blob,
    ]
    for column in longColumns { values[column] = .some(nil) }
    for value in bytes where !value.isLong { values[value.column] = value.content.blob }
    for column in numberColumns { values[column.name] = .some(record[keyPath: column.number]) }
    return (values, bytes)
  }

  /// Status, time and checksum of every stored trial by id.
  func summaries() throws -> [String: Summary] {
    try read(whenEmpty: [:]) { db in
      try checkIndex(db)
      var result: [String: Summary] = [:]
      // A store of schema 1, read where it cannot be changed, has no times and no checksums.
      let names = Set(try db.columns(in: "trials").map(\.name))
      let extra = ["seconds", "checksum"].map { names.contains($0) ? $0 : "NULL AS \($0)" }
      let rows = try Row.fetchCursor(
        db, sql: "SELECT rowid, id, status, \(extra.joined(separator: ", ")) FROM trials ORDER BY rowid")
      var last = Int64.min
      while let row = try rows.next() {
        last = try Self.increasing(row, after: last, path: path)
        result[try row.decode(String.self, forColumn: "id")] = Summary(
          status: try TrialRow(row, of: path).status,
          seconds: try row.decode(Double?.self, forColumn: "seconds"),
          checksum: try row.decode(Data?.self, forColumn: "checksum"))
      }
      return result
    }
  }

  /// One trial; nil if it is not stored. Its checksum is tested, with its steps or without.
  ///
  /// - Parameter columns: those of its steps that are kept; nil: all.
  package func record(
    _ id: String, withSteps: Bool = true, columns: Set<StepColumn>? = nil
  ) throws -> TrialRecord? {
    guard var record = try trial(id, columns: withSteps ? columns : [])?.record else { return nil }
    if !withSteps {
      (record.steps, record.training, record.stepTests) = (nil, nil, ColumnTable())
      for k in record.layers.indices { record.layers[k].steps = nil }
    }
    return record
  }

  /// One complete trial; nil if it is not stored.
  ///
  /// - Parameter columns: those of its steps that are kept; nil: all.
  package func trial(_ id: String, columns: Set<StepColumn>? = nil) throws -> StoredTrial? {
    try read(whenEmpty: nil) { db in
      // A store of an earlier schema, read where it cannot be changed, has fewer columns.
      let isCurrent = try db.columns(in: "trials").count == Self.columnNames.count
      let statement = try db.cachedStatement(sql: isCurrent ? Self.selection : Self.wholeSelection)
      guard let row = try Row.fetchOne(statement, arguments: [id]) else {
        try checkIndex(db)
        return nil
      }
      let trial = try TrialRow(
        row, of: path, positions: isCurrent ? Self.positions : nil, in: isCurrent ? db : nil
      )
      .trial(columns)
      guard trial.id == id else {
        throw RunError.damaged(path: path, problem: "its index points from trial \(id) to another trial")
      }
      return trial
    }
  }

  /// A trial that the index lacks, or has under another id, would be skipped or run twice.
  private func checkIndex(_ db: Database) throws {
    guard !isIndexChecked.load(ordering: .relaxed) else { return }
    let differs = try Bool.fetchOne(
      db,
      sql: """
        SELECT EXISTS (SELECT 1 FROM trials AS stored NOT INDEXED WHERE NOT EXISTS (
          SELECT 1 FROM trials AS known INDEXED BY sqlite_autoindex_trials_1
          WHERE known.id = stored.id AND known.rowid = stored.rowid))
        """)
    guard differs == false else {
      throw RunError.damaged(path: path, problem: "its index and its table list different trials")
    }
    isIndexChecked.store(true, ordering: .relaxed)
  }
}
