import Foundation
import GradientFlow
import Specification
import TextFiles

/// Recovers what is intact in a damaged store: finds its rows anywhere, keeps every trial with a correct checksum,
/// and leaves the damaged file beside the new one.
public struct StoreRepair: Sendable {
  /// Recovered trials among those of the specification.
  public let saved: Int, total: Int
  /// Where the damaged store lies now.
  public let damagedStore: String
  /// Bytes that the disk did not give.
  public let unreadable: Int

  /// Repairs a run or a shard.
  ///
  /// - Parameter skipsUnreadable: whether what the disk does not give is given up; otherwise that is an error, as the
  ///   disk may give it another time.
  /// - Throws: ``RunError``; the store is then as it was. Also where it is not damaged: one of a newer schema.
  public init(directory path: String, skipsUnreadable: Bool = false) throws {
    let directory = RunDirectory(path)
    try directory.check()
    let lock = try RunLock(directory)
    defer { withExtendedLifetime(lock) {} }
    try Self.finishInterrupted(directory)
    guard FileManager.default.fileExists(atPath: directory.store) else {
      throw RunError.notARun(path: path, problem: "it contains no trials.sqlite")
    }
    let specification = try SweepSpecification.readNormalised(path: directory.specification)
    let ids = Set(specification.trials.map(\.id))
    total = specification.trials(of: directory.shard).count

    let source = try SalvagedStore(directory.store)
    if let version = source.newerVersion {
      throw RunError.newerSchema(path: directory.store, found: version, supported: RunStore.schemaVersion)
    }
    let new = Self.repaired(directory)
    // What an interrupted repair has left.
    for file in StoreFiles.paths(new) where uninterrupted({ unlink(file) }) != 0 && errno != ENOENT {
      throw RunError.writing(file, errno)
    }
    let target = try RunStore(path: new, access: .write(locking: lock.isSupported))
    saved = try Self.copy(source, to: target, ids: ids)
    try target.close()
    unreadable = source.unreadable
    guard unreadable == 0 || skipsUnreadable else {
      for file in StoreFiles.paths(new) { unlink(file) }
      throw RunError.unreadable(path: directory.store, bytes: unreadable)
    }

    damagedStore = Self.free(directory.store + ".damaged")
    // From the second name on, an interrupted exchange can be recognised, and is finished before anything else.
    if uninterrupted({ [damagedStore] in link(directory.store, damagedStore) }) != 0 {
      guard [EPERM, ENOTSUP, EMLINK].contains(errno) else { throw RunError.writing(path, errno) }
      do { try FileCopy.copy(directory.store, to: damagedStore, permissions: 0o666, isSynced: true) } catch {
        throw RunError.writing(damagedStore, error.code)
      }
    }
    try Self.exchange(directory, damaged: damagedStore)
  }

  /// Finishes an interrupted exchange of stores, if any. Only for the holder of the lock.
  static func finishInterrupted(_ directory: RunDirectory) throws(RunError) {
    guard FileManager.default.fileExists(atPath: repaired(directory)) else { return }
    for name in try namesInDirectory(directory.path)
    where name.hasPrefix("trials.sqlite.damaged") && !name.hasSuffix("-wal") && !name.hasSuffix("-journal") {
      let damaged = PathName.joined(directory.path, name)
      if isSameFile(damaged, directory.store) { try exchange(directory, damaged: damaged) }
    }
  }

  /// Puts the repaired store in the place of the damaged one. A log must be away before another file gets the name.
  private static func exchange(_ directory: RunDirectory, damaged: String) throws(RunError) {
    for part in StoreFiles.companions
    where uninterrupted({ rename(directory.store + part, damaged + part) }) != 0 && errno != ENOENT {
      throw .writing(directory.path, errno)
    }
    do { try AtomicFile.publish(repaired(directory), as: directory.store) } catch {
      throw .writing(directory.path, error.code)
    }
  }

  private static func repaired(_ directory: RunDirectory) -> String { directory.store + ".repaired" }

  private static func isSameFile(_ one: String, _ other: String) -> Bool {
    var (a, b) = (stat(), stat())
    return stat(one, &a) == 0 && stat(other, &b) == 0 && a.st_ino == b.st_ino && a.st_dev == b.st_dev
  }

  /// Bytes of trials stored together.
  private static let batch = 4 << 20

  /// Copies every whole trial once; a failure only where there is no result of the same trial, which may have taken
  /// its place in the table but not in the bytes.
  ///
  /// - Returns: trials copied.
  private static func copy(_ source: SalvagedStore, to target: RunStore, ids: Set<String>) throws -> Int {
    var copy = TrialCopy(sessions: source.sessions(), target: target)
    var found: Set<String> = []
    var failed: [String: StoredTrial] = [:]
    var waiting: [StoredTrial] = []
    var bytes = 0
    func store() throws {
      if !waiting.isEmpty { try copy.copy(waiting) }
      (waiting, bytes) = ([], 0)
    }
    try source.forEachTrial { trial in
      guard ids.contains(trial.id), !found.contains(trial.id) else { return }
      guard trial.record.status != .failed else {
        failed[trial.id] = trial
        return
      }
      found.insert(trial.id)
      waiting.append(trial)
      bytes += trial.size
      if bytes > batch { try store() }
    }
    for (id, trial) in failed.sorted(by: { $0.key < $1.key }) where !found.contains(id) {
      found.insert(id)
      waiting.append(trial)
    }
    try store()
    return found.count
  }

  /// A path that does not exist yet.
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
