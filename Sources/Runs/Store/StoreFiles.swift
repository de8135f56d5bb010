import Foundation

/// The files of a store: the database, and what SQLite keeps beside it.
enum StoreFiles {
  /// The log, and the journal of a store that is being closed.
  static let companions = ["-wal", "-journal"]

  /// The paths of all of them, whether they are there or not.
  static func paths(_ store: String) -> [String] { [store] + companions.map { store + $0 } }

  /// Bytes of a file; 0 where there is none.
  static func size(_ path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : 0
  }
}
