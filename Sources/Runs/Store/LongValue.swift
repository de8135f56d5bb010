import Foundation
import GRDB
import GRDBSQLite

/// A long value of a row, written and read where it lies in the file, piece by piece: as a whole it would be in memory
/// several times, as what is bound, in the row that is made of it, and in that which is read.
///
/// - Note: Source: sqlite.org/c3ref/blob_open.html.
final class LongValue {
  private let value: OpaquePointer
  private let database: OpaquePointer
  /// Its bytes.
  let count: Int

  /// Bytes from which a value is treated so.
  static let least = 1 << 20

  /// - Throws: `DatabaseError`.
  init(_ column: String, ofRow row: Int64, in db: Database, writes: Bool = false) throws {
    guard let database = db.sqliteConnection else { throw DatabaseError(resultCode: .SQLITE_MISUSE) }
    var found: OpaquePointer?
    let code = sqlite3_blob_open(database, "main", "trials", column, row, writes ? 1 : 0, &found)
    guard code == SQLITE_OK, let found else { throw Self.error(code, database) }
    value = found
    self.database = database
    count = Int(sqlite3_blob_bytes(found))
  }

  deinit { sqlite3_blob_close(value) }

  /// Makes room for a value of so many bytes in the row that a statement is to insert.
  static func reserve(_ column: String, _ count: Int, in statement: Statement) throws {
    let place = sqlite3_bind_parameter_index(statement.sqliteStatement, ":" + column)
    let code = sqlite3_bind_zeroblob64(statement.sqliteStatement, place, sqlite3_uint64(count))
    guard code == SQLITE_OK else { throw DatabaseError(resultCode: ResultCode(rawValue: code)) }
  }

  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws {
    try inPieces(bytes.count) { start, count in
      sqlite3_blob_write(value, bytes.baseAddress.map { $0 + start }, count, Int32(offset + start))
    }
  }

  func read(_ bytes: UnsafeMutableRawBufferPointer, from offset: Int) throws {
    try inPieces(bytes.count) { start, count in
      sqlite3_blob_read(value, bytes.baseAddress.map { $0 + start }, count, Int32(offset + start))
    }
  }

  private func inPieces(_ count: Int, _ body: (_ start: Int, _ count: Int32) -> Int32) throws {
    for start in stride(from: 0, to: count, by: 1 << 16) {
      let code = body(start, Int32(min(1 << 16, count - start)))
      guard code == SQLITE_OK else { throw Self.error(code, database) }
    }
  }

  private static func error(_ code: Int32, _ database: OpaquePointer) -> DatabaseError {
    DatabaseError(
      resultCode: ResultCode(rawValue: code), message: String(cString: sqlite3_errmsg(database)))
  }
}
