import Foundation
import GradientFlow

/// Saves what is whole in a damaged store: reads it row by row, keeps every trial whose checksum is right, and leaves
/// the damaged file beside the new one.
public struct StoreRepair: Sendable {
  /// Trials that were saved, of those the specification has.
  public let saved: Int, total: Int
  /// Where the damaged store lies now.
  public let damagedStore: String

  /// Repairs a run or a shard.
  ///
  /// - Throws: ``RunError``; the store is then as it was. Also where it is not damaged but cannot be read: a newer
  ///   schema, no room for a copy.
  public init(directory path: String) throws {
    let directory = RunDirectory(path)
    try directory.check()
    let lock = try RunLock(directory)
    defer { withExtendedLifetime(lock) {} }
    try Self.finishInterrupted(directory)
    guard FileManager.default.fileExists(atPath: directory.store) else {
      throw RunError.notARun(path: path, problem: "there is no trials.sqlite in it")
    }
    let specification = try SweepSpecification.readNormalised(path: directory.specification)
    let ids = Set(specification.trials.map(\.id))
    total = SweepPart(specification, shard: directory.shard).trials.count

    let new = Self.repaired(directory)
    for part in ["", "-wal", "-journal"] { unlink(new + part) }
    let target = try RunStore(path: new, access: .write(locking: lock.isSupported))
    saved = try Self.copy(directory.store, to: target, ids: ids)
    try target.close()

    damagedStore = Self.free(directory.store + ".damaged")
    // From the second name on, an interrupted exchange can be recognised, and is finished before anything else.
    if link(directory.store, damagedStore) != 0 {
      guard [EPERM, ENOTSUP, EMLINK].contains(errno) else { throw Self.failure(path) }
      do { try FileManager.default.copyItem(atPath: directory.store, toPath: damagedStore) } catch {
        throw RunError.cannotWrite(path: path, problem: "\(error.localizedDescription)")
      }
    }
    try Self.exchange(directory, damaged: damagedStore)
  }

  /// Ends an exchange of stores that was interrupted, if there is one. Only for who holds the lock.
  static func finishInterrupted(_ directory: RunDirectory) throws(RunError) {
    guard FileManager.default.fileExists(atPath: repaired(directory)) else { return }
    let names = FolderListing.names(directory.path) ?? []
    for name in names
    where name.hasPrefix("trials.sqlite.damaged") && !name.hasSuffix("-wal") && !name.hasSuffix("-journal") {
      let damaged = PathName.joined(directory.path, name)
      if isSameFile(damaged, directory.store) { try exchange(directory, damaged: damaged) }
    }
  }

  /// Puts the repaired store in the place of the damaged one. A log must be away before another file gets the name.
  private static func exchange(_ directory: RunDirectory, damaged: String) throws(RunError) {
    for part in ["-wal", "-journal"]
    where rename(directory.store + part, damaged + part) != 0 && errno != ENOENT {
      throw failure(directory.path)
    }
    errno = AtomicFile.publish(repaired(directory), as: directory.store)
    guard errno == 0 else { throw failure(directory.path) }
  }

  private static func repaired(_ directory: RunDirectory) -> String { directory.store + ".repaired" }

  private static func isSameFile(_ one: String, _ other: String) -> Bool {
    var (a, b) = (stat(), stat())
    return stat(one, &a) == 0 && stat(other, &b) == 0 && a.st_ino == b.st_ino && a.st_dev == b.st_dev
  }

  private static func failure(_ path: String) -> RunError {
    .cannotWrite(path: path, problem: String(cString: strerror(errno)))
  }

  /// - Returns: trials copied.
  private static func copy(_ damaged: String, to target: RunStore, ids: Set<String>) throws -> Int {
    guard let source = try whatIsWhole({ try RunStore(path: damaged, access: .salvage) }) else { return 0 }
    var copy = TrialCopy(sessions: try whatIsWhole { try source.sessions() } ?? [:], to: target)
    var found: Set<String> = []
    func keep(_ read: () throws -> StoredTrial?) throws {
      guard let trial = try whatIsWhole(read) ?? nil, ids.contains(trial.id), found.insert(trial.id).inserted
      else { return }
      try copy.copy([trial])
    }
    // Rows are numbered as they come; a damaged page loses those that lie on it. The index finds what a damaged table
    // or a damaged number hides.
    let last = try whatIsWhole { try source.lastRow() } ?? .max
    for row in stride(from: 1, through: min(last, Int64(ids.count) * 4 + 10_000), by: 1) {
      try keep { try source.trial(row: row) }
    }
    for id in ids.subtracting(found).sorted() { try keep { try source.trial(id) } }
    return found.count
  }

  /// What can be read of a damaged store; nil where damage forbids it. Other errors are not the store's.
  private static func whatIsWhole<Value>(_ read: () throws -> Value) throws -> Value? {
    do {
      return try read()
    } catch RunError.damaged, RunError.store {
      return nil
    }
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
