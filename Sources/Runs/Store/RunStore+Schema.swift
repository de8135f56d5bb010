import GRDB
import Trials

extension RunStore {
  /// Version of the tables; a store of a newer version is refused. There are two: that of the first release, and this
  /// one (2 and 3 were never released).
  static let schemaVersion = 4

  /// A column that holds a number of a record.
  struct NumberColumn: Sendable {
    package let name: String
    package let number: WritableKeyPath<TrialRecord, Double?> & Sendable
    /// Whether the first version has it.
    package let isOriginal: Bool
  }

  static let numberColumns = TrialColumn.all.compactMap { entry in
    entry.number.map { NumberColumn(name: entry.column.name, number: $0, isOriginal: entry.isOriginal) }
  }

  /// Where training diverged, its rows and its profiles.
  static let trainingColumns: [(name: String, type: String)] = [
    ("diverged_kind", "TEXT"), ("training_rows", "INTEGER"), ("training_columns", "TEXT"),
    ("training_values", "BLOB"), ("profile_rows", "INTEGER"), ("profile_columns", "TEXT"),
    ("profile_values", "BLOB"),
  ]

  private static let firstColumns: [(name: String, type: String)] =
    [
      ("id", "TEXT PRIMARY KEY NOT NULL"), ("parameters", "TEXT NOT NULL"), ("status", "TEXT NOT NULL"),
      ("message", "TEXT"), ("diverged_at", "INTEGER"), ("decay_rate_lags", "INTEGER"),
    ] + numberColumns.filter(\.isOriginal).map { ($0.name, "REAL") }
    + [("step_count", "INTEGER"), ("step_columns", "TEXT"), ("step_values", "BLOB")]

  /// Added after the first version: time taken, who computed, a checksum; the rates that theory is compared with;
  /// training.
  private static let laterColumns: [(name: String, type: String)] =
    [("seconds", "REAL"), ("session", "INTEGER"), ("checksum", "BLOB")]
    + numberColumns.filter { !$0.isOriginal }.map { ($0.name, "REAL") } + trainingColumns

  /// The columns of the table of trials as they lie in a file.
  package static let columnNames = (firstColumns + laterColumns).map(\.name)

  /// Makes the tables, or brings those of the first release up to date; either at once.
  ///
  /// The first release kept no list of migrations.
  static let migrator = {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("\(schemaVersion)", foreignKeyChecks: .immediate) { db in
      if try !db.tableExists("trials") {
        let columns = firstColumns.map { "\"\($0.name)\" \($0.type)" }.joined(separator: ",\n  ")
        try db.execute(sql: "CREATE TABLE trials (\n  \(columns)\n)")
      }
      let present = Set(try db.columns(in: "trials").map(\.name))
      for column in laterColumns where !present.contains(column.name) {
        try db.execute(sql: "ALTER TABLE trials ADD COLUMN \"\(column.name)\" \(column.type)")
      }
      try db.execute(
        sql: """
          CREATE TABLE IF NOT EXISTS sessions (
            id INTEGER PRIMARY KEY,
            started_at TEXT NOT NULL,
            version TEXT NOT NULL,
            source_revision TEXT,
            kernels TEXT NOT NULL,
            blas TEXT NOT NULL,
            processor TEXT NOT NULL,
            host TEXT NOT NULL,
            command TEXT NOT NULL
          );
          PRAGMA user_version = \(schemaVersion);
          """)
    }
    return migrator
  }()
}
