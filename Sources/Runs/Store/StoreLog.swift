import Foundation
import GRDB
import GradientFlow

/// The write-ahead log of a store: when it is folded into the database file.
///
/// A reader's copy is whole only if the log does not start again meanwhile. So the log may grow to some size, and to a
/// much larger one while someone is copying.
struct StoreLog: Sendable {
  /// Bytes from which it is folded in; from which it is, whoever reads.
  private static let limit = 32 << 20, hardLimit = 512 << 20

  private let path: String
  private let store: String

  /// - Parameter store: the path of the database file.
  package init(of store: String) {
    path = PathName.resolved(store) + "-wal"
    self.store = store
  }

  /// Opens the file on which whoever copies a store holds a shared lock.
  ///
  /// - Returns: its descriptor; negative where it cannot be opened.
  static func openReaders(of store: String) -> Int32 {
    let path = PathName.joined(PathName.folder(of: store), ".reading")
    return uninterrupted { open(path, O_RDWR | O_CREAT | O_NONBLOCK | O_CLOEXEC, 0o666) }
  }

  /// Folds the log in if it is time, between two transactions.
  func foldIn(_ database: DatabaseQueue) throws {
    let size = StoreFiles.size(path)
    guard size > Self.limit else { return }
    let descriptor = Self.openReaders(of: store)
    defer { if descriptor >= 0 { SystemCalls.close(descriptor) } }
    let isBeingRead =
      descriptor >= 0 && uninterrupted({ flock(descriptor, LOCK_EX | LOCK_NB) }) != 0 && errno == EWOULDBLOCK
    if isBeingRead, size < Self.hardLimit { return }
    try database.writeWithoutTransaction { _ = try $0.checkpoint(.passive) }
    if descriptor >= 0 { flock(descriptor, LOCK_UN) }
  }
}
