import Foundation

/// Saves what is whole in a damaged store: reads it row by row, keeps every trial whose checksum is right, and leaves
/// the damaged file beside the new one.
public struct StoreRepair: Sendable {
  /// Trials that were saved, of those the specification has.
  public let saved: Int, total: Int
  /// Where the damaged store lies now.
  public let damagedStore: String

  /// Repairs a run or a shard.
  ///
  /// - Throws: ``RunError``.
  public init(directory path: String) throws {
    let directory = RunDirectory(path)
    try directory.check()
    guard FileManager.default.fileExists(atPath: directory.store) else {
      throw RunError.notARun(path: path, problem: "there is no trials.sqlite in it")
    }
    let specification = try SweepSpecification.readNormalised(path: directory.specification)
    let ids = Set(specification.trials.map(\.id))
    total = directory.shard == nil ? ids.count : SweepPart(specification, shard: directory.shard).trials.count
    let lock = try RunLock(directory)
    defer { withExtendedLifetime(lock) {} }

    let new = directory.store + ".repaired"
    for part in ["", "-wal", "-journal"] { unlink(new + part) }
    let target = try RunStore(path: new, access: .write(locking: lock.isSupported))
    saved = try Self.copy(directory.store, to: target, ids: ids)
    try target.close()

    damagedStore = Self.free(directory.store + ".damaged")
    // At every moment a store stands under its name. A log must be away before another file gets that name.
    guard link(directory.store, damagedStore) == 0 else { throw Self.failure(path) }
    for part in ["-wal", "-journal"]
    where rename(directory.store + part, damagedStore + part) != 0 && errno != ENOENT {
      throw Self.failure(path)
    }
    guard rename(new, directory.store) == 0 else { throw Self.failure(path) }
  }

  private static func failure(_ path: String) -> RunError {
    .cannotWrite(path: path, problem: String(cString: strerror(errno)))
  }

  /// - Returns: trials copied.
  private static func copy(_ damaged: String, to target: RunStore, ids: Set<String>) throws -> Int {
    // Nothing to be had from bytes that are no database at all.
    guard let source = try? RunStore(path: damaged, access: .salvage) else { return 0 }
    let sessions = (try? source.sessions()) ?? [:]
    var numbers: [Int64: Int64] = [:]
    // Rows are numbered as they come; a damaged page loses those that lie on it.
    let last = (try? source.lastRow()) ?? Int64(ids.count) * 2
    var found: Set<String> = []
    for row in stride(from: 1, through: last, by: 1) {
      guard var trial = try? source.trial(row: row), ids.contains(trial.id), !found.contains(trial.id) else {
        continue
      }
      if let number = trial.session {
        if numbers[number] == nil, let session = sessions[number] {
          numbers[number] = try target.begin(session)
        }
        trial.session = numbers[number]
      }
      try target.save([trial])
      found.insert(trial.id)
    }
    return found.count
  }

  /// A path at which there is nothing yet.
  private static func free(_ path: String) -> String {
    var candidate = path
    var number = 1
    while FileManager.default.fileExists(atPath: candidate) {
      number += 1
      candidate = "\(path)-\(number)"
    }
    return candidate
  }
}
