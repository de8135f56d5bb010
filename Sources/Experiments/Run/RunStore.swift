import Foundation
import GRDB

/// `trials.sqlite`: one row a trial, one transaction a trial, so that what is finished survives the end of the
/// process at any moment.
public final class RunStore: Sendable {
  /// Version of the tables; a store of a newer version is refused.
  public static let schemaVersion = 1

  private let database: DatabaseQueue
  private let path: String

  /// Opens a store; `create` makes it where there is none.
  ///
  /// - Throws: ``RunError``.
  public init(path: String, create: Bool) throws {
    self.path = path
    var configuration = Configuration()
    configuration.busyMode = .timeout(10)
    configuration.readonly = !create
    if !create && !FileManager.default.fileExists(atPath: path) {
      throw RunError.store(path: path, problem: "no such file")
    }
    do {
      database = try DatabaseQueue(path: path, configuration: configuration)
      let version = try database.read { try Int.fetchOne($0, sql: "PRAGMA user_version") ?? 0 }
      guard version <= Self.schemaVersion else {
        throw RunError.newerSchema(path: path, found: version, supported: Self.schemaVersion)
      }
      guard create else { return }
      try database.writeWithoutTransaction {
        try $0.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL")
      }
      if version == 0 { try database.write { try $0.execute(sql: Self.schema) } }
    } catch let error as RunError {
      throw error
    } catch {
      throw RunError.store(path: path, problem: "\(error)")
    }
  }

  /// Folds the journal into the one file, so that a finished run can be read where nothing can be written.
  public func finish() throws {
    try reporting {
      try database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
    }
  }

  private static let numberColumns = TrialColumn.allCases.filter { $0.number != nil }

  private static let insertion: String = {
    let names =
      ["id", "parameters", "status", "message", "diverged_at", "decay_rate_lags"]
      + numberColumns.map(\.rawValue) + ["step_count", "step_columns", "step_values"]
    return """
      INSERT OR REPLACE INTO trials (\(names.map { "\"\($0)\"" }.joined(separator: ", ")))
      VALUES (\(names.map { _ in "?" }.joined(separator: ", ")))
      """
  }()

  private static var schema: String {
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
        step_values BLOB
      );
      PRAGMA user_version = \(schemaVersion);
      """
  }

  /// Stores a finished trial in a transaction of its own, in place of an earlier result of the same trial.
  public func save(_ record: TrialRecord, of parameters: TrialParameters) throws {
    var values: [(any DatabaseValueConvertible)?] = [
      parameters.id, parameters.canonicalJSON, record.status.rawValue, record.message,
      record.divergedAt, record.decayRateLags,
    ]
    for column in Self.numberColumns { values.append(column.number.flatMap { record[keyPath: $0] }) }
    values += [record.steps?.steps, record.steps?.columnList, record.steps?.blob]
    try reporting {
      try database.write {
        try $0.cachedStatement(sql: Self.insertion).execute(arguments: StatementArguments(values))
      }
    }
  }

  /// The status of every stored trial by id.
  public func statuses() throws -> [String: TrialStatus] {
    try reporting {
      try database.read { db in
        var result: [String: TrialStatus] = [:]
        for row in try Row.fetchAll(db, sql: "SELECT id, status FROM trials") {
          let id = try row.decode(String.self, forColumn: "id")
          result[id] = TrialStatus(rawValue: try row.decode(String.self, forColumn: "status")) ?? .failed
        }
        return result
      }
    }
  }

  /// One trial; nil if it is not stored.
  public func record(_ id: String, withSteps: Bool = true) throws -> TrialRecord? {
    let columns =
      withSteps
      ? "*"
      : (["status", "message", "diverged_at", "decay_rate_lags"]
        + Self.numberColumns.map { "\"\($0.rawValue)\"" }).joined(separator: ", ")
    return try reporting {
      try database.read { db in
        try Row.fetchOne(
          db.cachedStatement(sql: "SELECT \(columns) FROM trials WHERE id = ?"), arguments: [id]
        )
        .map { try Self.record($0, path: path, withSteps: withSteps) }
      }
    }
  }

  private static func record(_ row: Row, path: String, withSteps: Bool) throws -> TrialRecord {
    func damaged(_ what: String) -> RunError { .store(path: path, problem: "damaged: \(what)") }
    let name = try row.decode(String.self, forColumn: "status")
    guard let status = TrialStatus(rawValue: name) else { throw damaged("unknown status '\(name)'") }
    var record = TrialRecord(status: status)
    record.message = try row.decode(String?.self, forColumn: "message")
    record.divergedAt = try row.decode(Int?.self, forColumn: "diverged_at")
    record.decayRateLags = try row.decode(Int?.self, forColumn: "decay_rate_lags")
    for column in numberColumns {
      if let number = column.number {
        record[keyPath: number] = try row.decode(Double?.self, forColumn: column.rawValue)
      }
    }
    if withSteps, let steps = try row.decode(Int?.self, forColumn: "step_count") {
      guard
        let table = StepTable(
          steps: steps, columnList: try row.decode(String.self, forColumn: "step_columns"),
          blob: try row.decode(Data.self, forColumn: "step_values"))
      else { throw damaged("the steps of a trial do not fit together") }
      record.steps = table
    }
    return record
  }

  private func reporting<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as RunError {
      throw error
    } catch {
      throw RunError.store(path: path, problem: "\(error)")
    }
  }
}
