import Foundation
import TextFiles

extension RunDirectory {
  /// The directory of a shard, or of the whole run.
  public func part(_ shard: Shard?) -> RunDirectory { shard.map { directory(of: $0) } ?? self }

  /// It, and the directories of its shards that have a store.
  ///
  /// - Throws: ``RunError/readingRefused(path:_:)``.
  func withShards() throws(RunError) -> [RunDirectory] {
    [self] + (try shardsPresent()).map { directory(of: $0) }
  }

  /// Its store for reading; nil if there is none. That of a shard is read without locks.
  ///
  /// - Throws: ``RunError``.
  func storeForReading() throws -> RunStore? {
    guard FileManager.default.fileExists(atPath: store) else { return nil }
    return try RunStore(path: store, access: .read(immutable: shard != nil))
  }
}
