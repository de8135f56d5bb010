import Foundation
import Specification
import TextFiles

/// Merges the results of a run's shards into its own store.
///
/// Everything is checked before anything is changed; merging again, or after more shards have ended, adds what is
/// new. Shards that are still being run are taken as far as they are.
public struct ShardMerge: Sendable {
  /// What a shard brought.
  public struct Part: Sendable {
    public let shard: Shard
    /// Trials in its store, and those of them that the run did not have.
    public let trials: Int, added: Int
  }

  /// Trials without result that belong to a shard.
  public struct Missing: Sendable {
    /// nil if there are shards of several divisions.
    public let shard: Shard?
    public let trials: Int
  }

  /// The run with what it has now.
  public let run: Run
  public let progress: RunProgress
  public let parts: [Part]
  /// Trials that more than one store had, with the same result.
  public let duplicates: Int
  public let missing: [Missing]
  /// The different programs and processors that computed; more than one may differ in last digits.
  public let provenances: [String]
  /// Keeps others from writing while this exists.
  private let lock: RunLock

  /// Merges the shards of a run.
  ///
  /// - Throws: ``RunError``: `cannotMerge` where a shard's specification is not the run's, a store holds trials that
  ///   are none of it, or two have different results for one trial; `newerSchema`, `damaged`, `inUse`.
  public init(directory path: String) throws {
    let directory = RunDirectory(path)
    let shards = try directory.shardsPresent()
    if let shard = directory.shard, shards.isEmpty {
      throw RunError.isShard(path: path, shard: shard, run: directory.whole.path)
    }
    if !FileManager.default.fileExists(atPath: directory.specification), shards.isEmpty {
      try directory.check()
    }
    guard !shards.isEmpty || FileManager.default.fileExists(atPath: directory.store) else {
      throw RunError.notARun(path: path, problem: "it contains neither shards nor a store")
    }
    let specification = try Self.specification(of: directory, shards)
    try OutputFolder.checkRun(path, of: specification)
    try makeDirectory(path)
    lock = try RunLock(directory)
    directory.removeUnfinishedFiles()
    let trials = specification.trials
    let parameters = Set(trials.map(\.id))
    let sources = try shards.map {
      try Source(shard: $0, directory.directory(of: $0), trialsOfRun: parameters)
    }
    let store = try RunStore.open(directory, lock) { try specification.write(to: directory) }
    let (choice, duplicates) = try Self.choose(store, sources)
    self.duplicates = duplicates

    parts = try sources.map { source in
      let chosen = choice[source.shard] ?? []
      try source.copy(chosen, to: store)
      try directory.directory(of: source.shard).copyModels(to: directory)
      return Part(shard: source.shard, trials: source.summaries.count, added: chosen.count)
    }
    provenances = try store.trialsByProvenance().map(\.provenance.description)
    try store.close()
    run = Run(directory: directory, specification: specification, trials: trials, store: store)
    progress = try run.progress()
    missing = try Self.missing(of: run, shards)
  }

  /// The run's specification, or the one that adds most to it.
  private static func specification(
    of directory: RunDirectory, _ shards: [Shard]
  ) throws -> SweepSpecification {
    var found: SweepSpecification?
    for place in [directory] + shards.map({ directory.directory(of: $0) }) {
      guard FileManager.default.fileExists(atPath: place.specification) else {
        if place == directory { continue }
        throw RunError.notARun(path: place.path, problem: "there is no spec.yaml in it")
      }
      let next = try SweepSpecification.readNormalised(path: place.specification)
      guard let current = found else {
        found = next
        continue
      }
      switch SpecificationChange(from: next, to: current) {
      case .same, .extends: continue
      case .conflicts(let differences):
        if case .extends = SpecificationChange(from: current, to: next) {
          found = next
        } else {
          throw RunError.cannotMerge(
            path: place.path,
            problem: "it contains results of another specification: "
              + differences.map(\.description).joined(separator: "; "))
        }
      }
    }
    guard let found else {
      throw RunError.notARun(path: directory.path, problem: "there is no spec.yaml in it")
    }
    return found
  }

  /// Which trials are taken from which shard: each from the first that has it, a result rather than a failure.
  private static func choose(
    _ store: RunStore, _ sources: [Source]
  ) throws -> (choice: [Shard: [String]], duplicates: Int) {
    var known: [String: (summary: RunStore.Summary, path: String, shard: Shard?)] = [:]
    for (id, summary) in try store.summaries() { known[id] = (summary, store.path, nil) }
    var duplicates = 0
    for source in sources {
      for (id, summary) in source.summaries {
        guard let other = known[id], other.summary.status != .failed else {
          let isNews = known[id] == nil || summary.status != .failed
          if isNews { known[id] = (summary, source.path, source.shard) }
          continue
        }
        if summary.status == .failed { continue }
        guard other.summary.checksum == summary.checksum else {
          throw RunError.cannotMerge(
            path: source.path,
            problem: "its result of trial \(id) differs from the one in \(other.path): computed by "
              + "\(try source.provenance(of: id) ?? "an unknown program") and by another program or processor; "
              + "to keep one, move the other shard's directory away and merge again")
        }
        duplicates += other.shard == nil ? 0 : 1
      }
    }
    var choice: [Shard: [String]] = [:]
    for (id, entry) in known {
      if let shard = entry.shard { choice[shard, default: []].append(id) }
    }
    return (choice.mapValues { $0.sorted() }, duplicates)
  }

  private static func missing(of run: Run, _ shards: [Shard]) throws -> [Missing] {
    let known = try run.store.summaries()
    let counts = Set(shards.map(\.count))
    let absent = run.trials.indices.filter { known[run.trials[$0].id] == nil }
    guard let count = counts.first, counts.count == 1 else {
      return absent.isEmpty ? [] : [Missing(shard: nil, trials: absent.count)]
    }
    let plan = ShardPlan(run.trials, count: count)
    let byShard = Dictionary(grouping: absent, by: { plan.index(at: $0) })
    return byShard.sorted { $0.key < $1.key }.map {
      Missing(shard: Shard(index: $0.key, count: count), trials: $0.value.count)
    }
  }
}

/// A shard's store, open for reading.
private struct Source {
  let shard: Shard
  let summaries: [String: RunStore.Summary]
  private let store: RunStore

  var path: String { store.path }

  init(shard: Shard, _ directory: RunDirectory, trialsOfRun: Set<String>) throws {
    self.shard = shard
    store = try RunStore(path: directory.store, access: .read(immutable: true))
    summaries = try store.summaries()
    if let foreign = summaries.keys.sorted().first(where: { !trialsOfRun.contains($0) }) {
      throw RunError.cannotMerge(
        path: directory.path, problem: "its trial \(foreign) does not belong to the run's specification")
    }
  }

  /// The most trials, and bytes of them, that are copied together.
  private static let together = (trials: 32, bytes: 8_000_000)

  /// Copies trials with the sessions they come from, some at a time, each checked against its checksum.
  func copy(_ ids: [String], to target: RunStore) throws {
    var copy = TrialCopy(sessions: try store.sessions(), target: target)
    var waiting: [StoredTrial] = []
    var bytes = 0
    for id in ids {
      guard let trial = try store.trial(id) else { continue }
      waiting.append(trial)
      bytes += trial.size
      if waiting.count == Self.together.trials || bytes > Self.together.bytes {
        try copy.copy(waiting)
        (waiting, bytes) = ([], 0)
      }
    }
    if !waiting.isEmpty { try copy.copy(waiting) }
  }

  func provenance(of id: String) throws -> String? {
    guard let number = try store.trial(id)?.session else { return nil }
    return try store.sessions()[number]?.provenance.description
  }
}
