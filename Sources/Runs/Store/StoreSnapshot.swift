import Foundation
import GradientFlow
import TextFiles

/// A consistent copy of a store, taken while another process, perhaps on another machine, writes to it.
///
/// The store is a database file and a write-ahead log. Pages move from the log into the file only when it is folded in,
/// and the log starts again, with another salt in its header, only at the first write after that. So a copy of the file
/// followed by a copy of the log is whole if the log still has the salt it had before: whatever was folded in meanwhile
/// is in the copied log too, and SQLite drops a last transaction that was cut off by its checksum
/// (sqlite.org/fileformat.html, section 4). Where there is no log, the file must be the same before and after.
final class StoreSnapshot: Sendable {
  /// The copy of the database.
  package let path: String
  private let folder: TemporaryFolder

  /// Whether a store is open: it is being written, or its writer was killed.
  ///
  /// - Throws: ``RunError/readingRefused(path:_:)``.
  static func isNeeded(_ store: String) throws(RunError) -> Bool {
    let file = PathName.resolved(store)
    if StoreFiles.companions.contains(where: { StoreFiles.size(file + $0) > 0 }) { return true }
    return try isInLogMode(file)
  }

  /// - Throws: ``RunError``.
  package init(of store: String) throws(RunError) {
    let link = store
    // SQLite keeps a log beside the file that a symbolic link leads to.
    let store = PathName.resolved(link)
    folder = try TemporaryFolder(for: link)
    path = folder.path + "/trials.sqlite"
    // Asks the writer not to fold the log in; without it the copy may have to be made again.
    let readers = StoreLog.readers(of: link)
    defer { withExtendedLifetime(readers) {} }
    for attempt in 0..<8 {
      if attempt > 0 { usleep(50_000) }
      readers?.lock(LOCK_SH)
      let before = try State(of: store)
      for part in [""] + StoreFiles.companions {
        do { try FileCopy.copy(store + part, to: path + part) } catch {
          guard error.code == ENOENT && !part.isEmpty else {
            throw .cannotCopy(path: store, folder: folder.path, problem: error.problem)
          }
        }
      }
      if try State(of: store) == before { return }
    }
    throw .changing(path: store)
  }

  /// What stays the same as long as a copy is whole.
  private struct State: Equatable {
    /// Bytes 16…23 of the log's header; nil without a log, and only then the rest counts.
    let salt: Data?
    var header = Data()
    var size = 0, seconds = 0, nanoseconds = 0

    init(of store: String) throws(RunError) {
      let log = try StoreSnapshot.beginning(store + "-wal", 24)
      salt = log.count == 24 ? log.suffix(8) : nil
      guard salt == nil else { return }
      var status = stat()
      guard stat(store, &status) == 0 else { return }
      size = Int(status.st_size)
      #if os(Linux)
        (seconds, nanoseconds) = (status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
      #else
        (seconds, nanoseconds) = (status.st_mtimespec.tv_sec, status.st_mtimespec.tv_nsec)
      #endif
      // It has the counter of changes.
      header = try StoreSnapshot.beginning(store, 100)
    }
  }

  /// Bytes 18 and 19 of the header: 2 where a log belongs to the file, also an empty one.
  private static func isInLogMode(_ store: String) throws(RunError) -> Bool {
    let header = try beginning(store, 20)
    return header.count == 20 && header[18...].contains(2)
  }

  /// The first bytes of a file, as many as there are.
  private static func beginning(_ path: String, _ count: Int) throws(RunError) -> Data {
    do { return Data(try OpenFile(path).bytes(count)) } catch {
      // Opening the store reports what is wrong with the path.
      guard error.isOfEnvironment else { return Data() }
      throw .readingRefused(path: path, error)
    }
  }
}
