import GRDB
import Trials

extension RunStore {
  /// Version of the tables; a store of a newer version is refused. There are four: that of the first release, 4, 5, and
  /// this one (2 and 3 were never released).
  static let schemaVersion = 6

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

  /// What may be long. In a store of this version these values are the last ones of a row: of a row that ends in what is
  /// still to be written SQLite makes no copy, see ``LongValue``.
  static let longColumns = ["training_values", "profile_values", "layer_step_values", "step_values"]

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
    + numberColumns.filter { number in
      !number.isOriginal && !languageColumns.contains { $0.name == number.name }
    }.map { ($0.name, "REAL") } + trainingColumns

  /// Added after version 4: layers of networks, tests at other lengths, and tests by step.
  private static let networkColumns: [(name: String, type: String)] =
    StoredLayers.columnTypes + [
      ("layer_step_values", "BLOB"), ("test_rows", "INTEGER"), ("test_columns", "TEXT"),
      ("test_values", "BLOB"), ("step_test_rows", "INTEGER"), ("step_test_columns", "TEXT"),
      ("step_test_values", "BLOB"),
    ]

  /// Added after version 5: the validation of language models, and the models that they are compared with.
  private static let languageColumns: [(name: String, type: String)] = [
    ("validation_loss", "REAL"), ("baseline_rows", "INTEGER"), ("baseline_columns", "TEXT"),
    ("baseline_values", "BLOB"),
  ]

  private static let columns = withLongColumnsLast(
    firstColumns + laterColumns + networkColumns + languageColumns)

  private static func withLongColumnsLast(
    _ all: [(name: String, type: String)]
  ) -> [(name: String, type: String)] {
    all.filter { !longColumns.contains($0.name) } + longColumns.map { ($0, "BLOB") }
  }

  /// The columns of the table of trials as they lie in a file.
  package static let columnNames = columns.map(\.name)
  /// As they lie in a file that this or an older release made; what an older one lacks was added behind.
  package static let layouts = [
    columns, withLongColumnsLast(firstColumns + laterColumns + networkColumns) + languageColumns,
    firstColumns + laterColumns + networkColumns + languageColumns,
  ].map { $0.map(\.name) }

  /// Makes the tables, or brings those of an older release up to date.
  ///
  /// The first release kept no list of migrations.
  static let migrator = {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("4", foreignKeyChecks: .immediate) { db in
      if try !db.tableExists("trials") {
        let columns = columns.map { "\"\($0.name)\" \($0.type)" }.joined(separator: ",\n  ")
        try db.execute(sql: "CREATE TABLE trials (\n  \(columns)\n)")
      }
      try add(laterColumns, to: db)
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
          PRAGMA user_version = 4;
          """)
    }
    migrator.registerMigration("5", foreignKeyChecks: .immediate) { db in
      try add(networkColumns, to: db)
      try db.execute(sql: "PRAGMA user_version = 5")
    }
    migrator.registerMigration("6", foreignKeyChecks: .immediate) { db in
      try add(languageColumns, to: db)
      try db.execute(sql: "PRAGMA user_version = 6")
    }
    return migrator
  }()

  /// Adds the columns that the table of trials does not have yet.
  private static func add(_ columns: [(name: String, type: String)], to db: Database) throws {
    let present = Set(try db.columns(in: "trials").map(\.name))
    for column in columns where !present.contains(column.name) {
      try db.execute(sql: "ALTER TABLE trials ADD COLUMN \"\(column.name)\" \(column.type)")
    }
  }
}
