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

  /// The file on which whoever copies a store holds a shared lock; nil where it cannot be opened.
  static func readers(of store: String) -> OpenFile? {
    try? OpenFile(PathName.joined(PathName.folder(of: store), ".reading"), O_RDWR | O_CREAT)
  }

  /// Folds the log in if it is time, between two transactions.
  func foldIn(_ database: DatabaseQueue) throws {
    let size = StoreFiles.size(path)
    guard size > Self.limit else { return }
    let readers = Self.readers(of: store)
    if readers?.lock(LOCK_EX) == EWOULDBLOCK, size < Self.hardLimit { return }
    try database.writeWithoutTransaction { _ = try $0.checkpoint(.passive) }
    readers?.lock(LOCK_UN)
  }
}
