import Foundation
import GRDB
import GRDBSQLite
import GradientFlow
import Machine
import TextFiles

/// What an SQLite error means: damage to the store, or a problem of the machine.
enum StoreFault {
  /// - Parameters:
  ///   - code: the system's error number, where SQLite knows it; 0 otherwise.
  static func meaning(of error: any Error, path: String, code: Int32 = 0) -> RunError {
    switch error {
    case let error as RunError: return error
    case let error as DatabaseError: return meaning(of: error, path, code)
    default: return .damaged(path: path, problem: "a row holds values of another type")
    }
  }

  /// The system's error number behind the last failure of a connection.
  static func systemCode(of db: Database) -> Int32 {
    db.sqliteConnection.map { sqlite3_system_errno($0) } ?? 0
  }

  private static func meaning(of error: DatabaseError, _ path: String, _ code: Int32) -> RunError {
    let words = error.message.map(Excerpt.shortened) ?? "\(error.resultCode)"
    switch error.resultCode {
    case .SQLITE_FULL:
      return .diskFull(path: path)
    case .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_PROTOCOL:
      return .inUse(path: path, holder: "another program that is reading or writing it")
    case .SQLITE_NOMEM:
      return .writing(path, ENOMEM)
    case .SQLITE_IOERR:
      let code =
        error.extendedResultCode == .SQLITE_IOERR_NOMEM ? ENOMEM : code == 0 ? likelyCode(path) : code
      return isOfReading(error.extendedResultCode)
        ? .readingRefused(path: path, SystemFailure(code)) : .writing(path, code)
    case .SQLITE_CANTOPEN:
      return cannotOpen(path, code)
    case .SQLITE_READONLY where hasHeader(path), .SQLITE_PERM where hasHeader(path):
      return .cannotWrite(path: path, problem: words)
    case .SQLITE_CORRUPT, .SQLITE_NOTADB:
      return StoreDoubt.meaning(path, words)
    default:
      // The store's own statements fail only where its tables are not what they were.
      return .damaged(path: path, problem: words)
    }
  }

  /// Why a write failed where SQLite has forgotten it, undoing a transaction: the limit on the size of files, if one of
  /// the store's is within 64 KiB of it.
  private static func likelyCode(_ path: String) -> Int32 {
    guard let limit = ResourceLimit.fileSize.bytes else { return EIO }
    let largest = StoreFiles.paths(path).map(StoreFiles.size).max() ?? 0
    return UInt64(largest) + 65_536 >= limit ? EFBIG : EIO
  }

  private static func isOfReading(_ code: ResultCode) -> Bool {
    [.SQLITE_IOERR_READ, .SQLITE_IOERR_SHORT_READ, .SQLITE_IOERR_FSTAT, .SQLITE_IOERR_ACCESS].contains(code)
  }

  /// SQLite does not say why a file cannot be opened; asking the system again does.
  private static func cannotOpen(_ path: String, _ code: Int32) -> RunError {
    guard code == 0 else { return .writing(path, code) }
    do { _ = try OpenFile(path, O_RDWR) } catch { return .writing(path, error.code) }
    // Whatever it was has passed.
    return .writing(path, EAGAIN)
  }

  /// Whether the header allows writing; a damaged header that forbids it is not a lack of permission.
  private static func hasHeader(_ path: String) -> Bool {
    guard let file = try? SalvageFile(path: path), file.size > 0 else { return true }
    let header = file.bytes(at: 0, count: 20)
    return header.count == 20 && (1...2).contains(header[18]) && (1...2).contains(header[19])
  }

  /// Tries again as often as a signal interrupts what SQLite itself does not try again: a sync.
  static func despiteSignals<Value>(_ body: () throws -> Value) throws -> Value {
    for _ in 0..<1000 {
      do {
        return try body()
      } catch RunError.writingRefused(_, let failure) where failure.code == EINTR {
        continue
      } catch RunError.readingRefused(_, let failure) where failure.code == EINTR {
        continue
      }
    }
    return try body()
  }
}
