import Foundation
import GRDB

/// `trials.sqlite`: one row a trial. What ``save(_:)`` has returned from is on the disk: it survives the end of the
/// process at any moment, and a power failure.
///
/// One process writes, with SQLite's exclusive locking and a write-ahead log whose index lies in its own memory, so
/// that no shared memory and no lock between machines is needed. Others read a closed store as it is, and one that is
/// being written, or whose writer was killed, through a ``StoreSnapshot``.
final class RunStore: Sendable {
  /// Version of the tables; a store of a newer version is refused.
  static let schemaVersion = 2

  /// How a store is opened.
  enum Access {
    /// Made if it is not there. `locking`: whether the file system has locks.
    case write(locking: Bool)
    /// `immutable`: without any lock, for a store that no process of this machine can be writing.
    case read(immutable: Bool = false)
    /// A copy, as much of it as is there: for a damaged store.
    case salvage
  }

  let path: String
  let database: DatabaseQueue
  private let snapshot: StoreSnapshot?

  /// - Throws: ``RunError``.
  init(path: String, access: Access) throws {
    self.path = path
    var configuration = Configuration()
    configuration.busyMode = .timeout(10)
    var opened = path
    var snapshot: StoreSnapshot?
    switch access {
    case .read(let immutable):
      guard FileManager.default.fileExists(atPath: path) else {
        throw RunError.store(path: path, problem: "no such file")
      }
      if StoreSnapshot.isNeeded(path) {
        snapshot = try StoreSnapshot(of: path)
        opened = snapshot?.path ?? path
      } else {
        configuration.readonly = true
        if immutable { opened = try Self.address(path, "immutable=1") }
      }
    case .salvage:
      snapshot = try StoreSnapshot(of: path)
      opened = snapshot?.path ?? path
      // Otherwise a file that is shorter than it says is refused as a whole.
      configuration.prepareDatabase { try $0.execute(sql: "PRAGMA writable_schema = ON") }
    case .write(let locking):
      if !locking { opened = try Self.address(path, "vfs=unix-none") }
      configuration.prepareDatabase { try Self.prepareForWriting($0, path: path) }
    }
    self.snapshot = snapshot
    do {
      do {
        database = try DatabaseQueue(path: opened, configuration: configuration)
      } catch let error as DatabaseError where error.resultCode == .SQLITE_IOERR && configuration.readonly {
        // A file system without locks.
        let address = try Self.address(path, "immutable=1")
        database = try DatabaseQueue(path: address, configuration: configuration)
      }
      _ = try database.read { try Self.checkVersion($0, path: path) }
    } catch let error as RunError {
      throw error
    } catch {
      throw Self.error(error, path: path)
    }
  }

  /// Opens the store of a run for writing, with a specification beside it at every moment: one that is there is
  /// tested before the specification is changed, a new one is made after it is written.
  static func open(_ directory: RunDirectory, _ lock: RunLock, writingSpecification write: () throws -> Void)
    throws -> RunStore
  {
    let isThere = FileManager.default.fileExists(atPath: directory.store)
    if !isThere { try write() }
    let store = try RunStore(path: directory.store, access: .write(locking: lock.isSupported))
    if isThere { try write() }
    return store
  }

  /// Before the first access: exclusive locking must come before the log, so that no shared memory is used.
  private static func prepareForWriting(_ db: Database, path: String) throws {
    try db.execute(sql: "PRAGMA locking_mode = EXCLUSIVE")
    let version = try checkVersion(db, path: path)
    // FULL: a transaction is on the disk when it ends.
    try db.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
    if version > 0 {
      let problems = try String.fetchAll(db, sql: "PRAGMA quick_check(1)")
      if problems != ["ok"] {
        throw RunError.damaged(path: path, problem: problems.first ?? "no answer to a check")
      }
    }
    if version < schemaVersion {
      try db.inTransaction(.immediate) {
        try db.execute(sql: version == 0 ? schema : migrationFrom1)
        return .commit
      }
    }
  }

  @discardableResult
  private static func checkVersion(_ db: Database, path: String) throws -> Int {
    let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
    guard version <= schemaVersion else {
      throw RunError.newerSchema(path: path, found: version, supported: schemaVersion)
    }
    return version
  }

  /// A store's name with a setting of SQLite's, where SQLite takes such names.
  private static func address(_ path: String, _ setting: String) throws -> String {
    let takesAddresses =
      (try? DatabaseQueue().read {
        try Bool.fetchOne($0, sql: "SELECT sqlite_compileoption_used('USE_URI')")
      }) ?? false
    guard takesAddresses else { return path }
    return URL(fileURLWithPath: path).absoluteString + "?" + setting
  }

  /// Folds the log into the one file and gives the file free, so that it can be read where nothing can be written.
  func close() throws {
    try reporting {
      try database.writeWithoutTransaction {
        try $0.execute(sql: "PRAGMA journal_mode = DELETE; PRAGMA locking_mode = NORMAL")
        _ = try Int.fetchOne($0, sql: "PRAGMA user_version")  // the lock goes with the next access
      }
    }
  }

  func reporting<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as RunError {
      throw error
    } catch {
      throw Self.error(error, path: path)
    }
  }

  private static func error(_ error: any Error, path: String) -> RunError {
    guard let error = error as? DatabaseError else { return .store(path: path, problem: "\(error)") }
    switch error.resultCode {
    case .SQLITE_FULL:
      return .diskFull(path: path)
    case .SQLITE_CORRUPT, .SQLITE_NOTADB:
      return .damaged(path: path, problem: error.message ?? "\(error)")
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      return .inUse(path: path, holder: "another process")
    case .SQLITE_READONLY, .SQLITE_CANTOPEN:
      return .cannotWrite(path: path, problem: error.message ?? "\(error)")
    default:
      return .store(path: path, problem: "\(error)")
    }
  }
}
