extension RunStore {
  static let numberColumns = TrialColumn.allCases.filter { $0.number != nil }

  /// What version 2 has more than 1: time taken, who computed, a checksum.
  private static let sessions = """
    CREATE TABLE sessions (
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
    """

  /// What version 4 has more than 3, beside numbers: where training diverged, its rows and its profiles.
  static let trainingColumns: [(name: String, type: String)] = [
    ("diverged_kind", "TEXT"), ("training_rows", "INTEGER"), ("training_columns", "TEXT"),
    ("training_values", "BLOB"), ("profile_rows", "INTEGER"), ("profile_columns", "TEXT"),
    ("profile_values", "BLOB"),
  ]

  static var schema: String {
    let training = trainingColumns.map { "  \"\($0.name)\" \($0.type),\n" }.joined()
    let numbers = numberColumns.map { "  \"\($0.rawValue)\" REAL,\n" }.joined()
    return """
      CREATE TABLE trials (
        id TEXT PRIMARY KEY NOT NULL,
        parameters TEXT NOT NULL,
        status TEXT NOT NULL,
        message TEXT,
        diverged_at INTEGER,
        decay_rate_lags INTEGER,
      \(numbers)  step_count INTEGER,
        step_columns TEXT,
        step_values BLOB,
      \(training)  seconds REAL,
        session INTEGER,
        checksum BLOB
      );
      \(sessions)
      PRAGMA user_version = \(schemaVersion);
      """
  }

  static var migrationFrom1: String {
    """
    ALTER TABLE trials ADD COLUMN seconds REAL;
    ALTER TABLE trials ADD COLUMN session INTEGER;
    ALTER TABLE trials ADD COLUMN checksum BLOB;
    \(sessions)
    \(migrationFrom2)
    """
  }

  /// What version 3 has more than 2: the rates that theory is compared with.
  static var migrationFrom2: String { addingNumbers(of: 3) + migrationFrom3 }

  /// What version 4 has more than 3: training.
  static var migrationFrom3: String {
    addingNumbers(of: 4)
      + trainingColumns.map { "ALTER TABLE trials ADD COLUMN \"\($0.name)\" \($0.type);\n" }.joined()
      + "PRAGMA user_version = \(schemaVersion);"
  }

  private static func addingNumbers(of schema: Int) -> String {
    numberColumns.filter { $0.schema == schema }
      .map { "ALTER TABLE trials ADD COLUMN \"\($0.rawValue)\" REAL;\n" }.joined()
  }

  // MARK: - Columns as they lie in a file

  /// The columns in their order, for stores that each version made and this one has continued: those of later versions
  /// were added at the end.
  static let columnLists: [[String]] = (1...schemaVersion).reversed().map { made in
    func numbers(_ isMeant: (Int) -> Bool) -> [String] {
      numberColumns.filter { isMeant($0.schema) }.map(\.rawValue)
    }
    let later = [2: sessionColumns, 4: trainingColumns.map(\.name)]
    var columns = ["id", "parameters", "status", "message", "diverged_at", "decay_rate_lags"]
    columns += numbers { $0 <= made } + ["step_count", "step_columns", "step_values"]
    // A new store has the times after the courses of trainings.
    for version in [4, 2] where version <= made { columns += later[version] ?? [] }
    for version in (made + 1)..<(schemaVersion + 1) {
      columns += numbers { $0 == version } + (later[version] ?? [])
    }
    return columns
  }

  /// Every column that this version knows.
  static let columnNames = Set(columnLists.flatMap(\.self))

  private static let sessionColumns = ["seconds", "session", "checksum"]
}
