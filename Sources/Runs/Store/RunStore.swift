import Foundation
import GRDB
import GRDBSQLite
import GradientFlow
import Synchronization
import TextFiles

/// `trials.sqlite`: one row per trial. Once ``save(_:)`` has returned, its trials are on the disk and survive a killed
/// process and a power failure.
///
/// One process writes, with SQLite's exclusive locking and a write-ahead log whose index lies in its own memory, so
/// that no shared memory and no lock between machines is needed. Others read a closed store as it is, and one that is
/// being written, or whose writer was killed, through a ``StoreSnapshot``.
package final class RunStore: Sendable {
  /// How a store is opened.
  package enum Access {
    /// Created if it does not exist. `locking`: whether the file system has locks.
    case write(locking: Bool)
    /// `immutable`: without any lock, for a store that no process of this machine can be writing.
    case read(immutable: Bool = false)
  }

  /// An open database.
  private struct Connection: Sendable {
    let queue: DatabaseQueue
    /// The copy that it reads, if any.
    let snapshot: StoreSnapshot?
    /// Its writer was killed before it had made the tables.
    let isEmpty: Bool

    init(
      _ path: String, of store: String, _ configuration: Configuration, snapshot: StoreSnapshot? = nil
    ) throws {
      var configuration = configuration
      if configuration.readonly || snapshot != nil { Self.limitRows(&configuration, of: store) }
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      do {
        if !configuration.readonly, snapshot == nil { try RunStore.migrator.migrate(queue) }
        isEmpty = try queue.read { try RunStore.checkVersion($0, path: store) } == 0
      } catch {
        Self.leave(queue)
        throw error
      }
      self.queue = queue
      self.snapshot = snapshot
    }

    /// A row is no larger than the store, so the size that a damaged one claims is never allocated.
    private static func limitRows(_ configuration: inout Configuration, of store: String) {
      let bytes = StoreFiles.size(store) + StoreFiles.size(store + "-wal")
      let limit = Int32(clamping: (1 << 20) + 2 * bytes)
      configuration.prepareDatabase { db in
        if let connection = db.sqliteConnection { sqlite3_limit(connection, SQLITE_LIMIT_LENGTH, limit) }
      }
    }

    /// Closes the database and keeps the object that had it: where the system gives no thread, Dispatch waits for one
    /// forever when a queue is freed. It is small, and a process has few.
    static func leave(_ queue: DatabaseQueue) {
      try? queue.close()
      _ = Unmanaged.passRetained(queue)
    }

    /// A copy of a store as of now.
    init(copying store: String) throws {
      let snapshot = try StoreSnapshot(of: store)
      try self.init(snapshot.path, of: store, Configuration(), snapshot: snapshot)
    }
  }

  package let path: String
  private let connection: Mutex<Connection>
  private let log: StoreLog?
  /// Whether the index of trials has been compared with the table.
  let isIndexChecked = Atomic(false)

  /// - Throws: ``RunError``.
  package init(path: String, access: Access) throws {
    self.path = path
    try Self.checkIsFile(path)
    do {
      switch access {
      case .read(let immutable):
        log = nil
        connection = Mutex(try Self.reader(path, immutable: immutable))
      case .write(let locking):
        log = StoreLog(of: path)
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        configuration.prepareDatabase { try Self.prepareForWriting($0, path: path) }
        let address = locking ? Self.plain(path) : Self.address(path, "vfs=unix-none")
        connection = Mutex(try StoreFault.despiteSignals { try Connection(address, of: path, configuration) })
      }
    } catch {
      throw StoreFault.meaning(of: error, path: path)
    }
  }

  /// SQLite would wait for a pipe's writer.
  private static func checkIsFile(_ path: String) throws(RunError) {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG else { return }
    throw .store(path: path, problem: "a folder, pipe or device, not a store file")
  }

  private static func reader(_ path: String, immutable: Bool) throws -> Connection {
    guard FileManager.default.fileExists(atPath: path) else {
      throw RunError.store(path: path, problem: "no such file")
    }
    if try StoreSnapshot.isNeeded(path) { return try Connection(copying: path) }
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(0.2)
    do {
      return try Connection(
        immutable ? address(path, "immutable=1") : plain(path), of: path, configuration)
    } catch let error as DatabaseError where error.resultCode == .SQLITE_IOERR {
      // A file system without locks.
      return try Connection(address(path, "immutable=1"), of: path, configuration)
    } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
      return try Connection(copying: path)
    }
  }

  /// Whether every row of a copy can be read, and all its pages hold together.
  static func hasWholeCopy(_ path: String) -> Bool {
    guard let copy = try? Connection(copying: path) else { return false }
    defer { Connection.leave(copy.queue) }
    let answer = try? copy.queue.read { db in
      for table in try String.fetchAll(db, sql: "SELECT name FROM sqlite_schema WHERE type = 'table'") {
        let rows = try Row.fetchCursor(db, sql: "SELECT * FROM \(table.quotedDatabaseIdentifier)")
        while try rows.next() != nil {}
      }
      return try String.fetchAll(db, sql: "PRAGMA integrity_check(1)")
    }
    return answer == ["ok"]
  }

  /// Before the first access: exclusive locking must come before the log, so that no shared memory is used.
  private static func prepareForWriting(_ db: Database, path: String) throws {
    do { try makeReady(db, path: path) } catch {
      // Only here do we know why the system refused.
      throw StoreFault.meaning(of: error, path: path, code: StoreFault.systemCode(of: db))
    }
  }

  private static func makeReady(_ db: Database, path: String) throws {
    try db.execute(sql: "PRAGMA locking_mode = EXCLUSIVE")
    let version = try checkVersion(db, path: path)
    // FULL: a transaction is on the disk when it ends. The log is folded in between transactions, by ``StoreLog``.
    try db.execute(
      sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0")
    if version > 0 {
      let problems = try String.fetchAll(db, sql: "PRAGMA quick_check(1)")
      if problems != ["ok"] {
        throw StoreDoubt.meaning(path, problems.first ?? "no answer to a check")
      }
    }
  }

  /// The version of the tables; 0 where there are none.
  private static func checkVersion(_ db: Database, path: String) throws -> Int {
    let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
    guard version <= schemaVersion else {
      throw RunError.newerSchema(path: path, found: version, supported: schemaVersion)
    }
    let isEmpty = try !db.tableExists("trials")
    guard version > 0 || (version == 0 && isEmpty) else {
      throw RunError.damaged(path: path, problem: "its tables claim version \(version), which does not exist")
    }
    return version
  }

  /// The number of a row that is read after another one: pages that lead in a circle would give rows without end.
  static func increasing(_ row: Row, after last: Int64, path: String) throws -> Int64 {
    let number = try row.decode(Int64.self, forColumn: "rowid")
    guard number > last || last == .min else {
      throw RunError.damaged(path: path, problem: "row \(number) comes after row \(last)")
    }
    return number
  }

  /// SQLite takes a name that begins with `file:` for an address, and an empty one for a database in memory.
  private static func plain(_ path: String) -> String { PathName.explicit(path) }

  private static let takesAddresses: Bool = {
    guard let queue = try? DatabaseQueue() else { return false }
    defer { Connection.leave(queue) }
    return
      (try? queue.read { try Bool.fetchOne($0, sql: "SELECT sqlite_compileoption_used('USE_URI')") }) ?? false
  }()

  /// A store's name with a setting of SQLite's, where SQLite takes such names.
  private static func address(_ path: String, _ setting: String) -> String {
    let place = plain(path)
    guard takesAddresses, let text = place.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed)
    else {
      return place
    }
    return (place.hasPrefix("/") ? "file://" : "file:") + text + "?" + setting
  }

  deinit { connection.withLock { Connection.leave($0.queue) } }

  /// Folds the log into the file and releases it, so that it can be read from read-only places.
  package func close() throws {
    let queue = connection.withLock(\.queue)
    try reporting(queue) {
      try queue.writeWithoutTransaction {
        try $0.execute(sql: "PRAGMA journal_mode = DELETE; PRAGMA locking_mode = NORMAL")
        _ = try Int.fetchOne($0, sql: "PRAGMA user_version")  // the lock goes with the next access
      }
    }
  }

  // MARK: - Access

  /// Reads, without a transaction: one statement sees one state, and a transaction would make the connection
  /// read-only and back, which costs each statement its preparation.
  ///
  /// - Parameter whenEmpty: the answer where there are no tables yet.
  package func read<Value>(whenEmpty: Value, _ body: (Database) throws -> Value) throws -> Value {
    let current = connection.withLock { $0 }
    do {
      return try reporting(current.queue) {
        current.isEmpty ? whenEmpty : try current.queue.unsafeRead(body)
      }
    } catch RunError.inUse where log == nil && current.snapshot == nil {
      // Another process has begun to write since it was opened.
      let copy: Connection
      do { copy = try Connection(copying: path) } catch { throw StoreFault.meaning(of: error, path: path) }
      connection.withLock {
        // Others may be reading with it.
        _ = Unmanaged.passRetained($0.queue)
        $0 = copy
      }
      return try reporting(copy.queue) { copy.isEmpty ? whenEmpty : try copy.queue.unsafeRead(body) }
    }
  }

  /// Changes the store in a transaction.
  package func write<Value>(_ body: (Database) throws -> Value) throws -> Value {
    let queue = connection.withLock(\.queue)
    let value = try reporting(queue) { try queue.write(body) }
    try reporting(queue) { try log?.foldIn(queue) }
    return value
  }

  private func reporting<Value>(_ queue: DatabaseQueue, _ body: () throws -> Value) throws -> Value {
    try StoreFault.despiteSignals {
      do {
        return try body()
      } catch {
        let code = queue.unsafeRead { StoreFault.systemCode(of: $0) }
        throw StoreFault.meaning(of: error, path: path, code: code)
      }
    }
  }
}
