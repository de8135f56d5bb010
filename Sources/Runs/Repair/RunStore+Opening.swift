import Foundation
import TextFiles

extension RunStore {
  /// Opens the store of a run for writing, with a specification beside it at all times: an existing one is
  /// tested before the specification is changed, a new one is made after it is written.
  package static func open(
    _ directory: RunDirectory, _ lock: RunLock, writingSpecification write: () throws -> Void
  ) throws -> RunStore {
    try StoreRepair.finishInterrupted(directory)
    let isThere = FileManager.default.fileExists(atPath: directory.store)
    if !isThere { try write() }
    let store = try RunStore(path: directory.store, access: .write(locking: lock.isSupported))
    if isThere { try write() }
    return store
  }
}
