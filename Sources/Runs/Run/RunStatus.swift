import Foundation
import Specification
import TextFiles
import Trials

/// Progress of a run, read without disturbing the process that runs it.
public struct RunStatus: Sendable {
  /// What a process is doing about a run or a shard.
  public enum Activity: Sendable, Equatable {
    /// It is being run.
    case running(process: Int32, host: String)
    /// On another machine, with no sign of life for some time.
    case silent(process: Int32, host: String, seconds: Double)
    /// Not running: ended, interrupted, killed or never started.
    case idle
  }

  /// A store and its contents: the run's own or a shard's.
  public struct Part: Sendable {
    /// nil for the whole run.
    public let shard: Shard?
    public let progress: RunProgress
    public let activity: Activity
    /// Estimated; nil if the time of trials is unknown.
    public let secondsLeft: Double?
  }

  public let directory: RunDirectory
  public let name: String
  /// Of the whole run: its own store and those of its shards together.
  public let progress: RunProgress
  /// The shards, if it has any; else the run itself.
  public let parts: [Part]
  /// Seconds until the last part ends, as far as known.
  public let secondsLeft: Double?
  /// Whether shards have results that are not merged.
  public let needsMerge: Bool

  /// - Throws: ``RunError``, ``SpecificationError``.
  public init(directory path: String) throws {
    directory = RunDirectory(path)
    let specification = try SweepSpecification.readNormalised(path: try Self.specification(of: directory))
    name = specification.name
    let trials = specification.trials(of: directory.shard)
    let shards = try directory.shardsPresent()
    var known = try Self.summaries(directory)
    let own = Set(known.keys)
    for shard in shards {
      known.merge(try Self.summaries(directory.directory(of: shard))) { $0.status == .failed ? $1 : $0 }
    }
    progress = RunProgress(of: trials, known)
    let ids = Set(trials.map(\.id))
    needsMerge = known.keys.contains { !own.contains($0) && ids.contains($0) }

    let speed = Self.secondsPerNanosecond(trials, known)
    var parts: [Part] = []
    var plans: [Int: ShardPlan] = [:]
    for shard in shards {
      let plan = plans[shard.count] ?? ShardPlan(trials, count: shard.count)
      plans[shard.count] = plan
      parts.append(
        Self.part(
          shard, directory.directory(of: shard), plan.trials(of: shard, among: trials), known, speed))
    }
    if parts.isEmpty { parts = [Self.part(nil, directory, trials, known, speed)] }
    self.parts = parts
    secondsLeft = progress.left == 0 ? 0 : parts.compactMap(\.secondsLeft).max()
  }

  private static func specification(of directory: RunDirectory) throws -> String {
    if !FileManager.default.fileExists(atPath: directory.specification),
      let shard = try directory.shardsPresent().first
    {
      return directory.directory(of: shard).specification
    }
    try directory.check()
    return directory.specification
  }

  private static func summaries(_ directory: RunDirectory) throws -> [String: RunStore.Summary] {
    try directory.storeForReading()?.summaries() ?? [:]
  }

  /// Measured over estimated time of the trials that are done; nil before the first.
  private static func secondsPerNanosecond(
    _ trials: [TrialParameters], _ known: [String: RunStore.Summary]
  ) -> Double? {
    var (seconds, estimate) = (0.0, 0.0)
    for trial in trials {
      guard let took = known[trial.id]?.seconds else { continue }
      seconds += took
      estimate += Double(TrialCost(trial).nanoseconds)
    }
    return estimate > 0 && seconds > 0 ? seconds / estimate : nil
  }

  private static func part(
    _ shard: Shard?, _ directory: RunDirectory, _ trials: [TrialParameters],
    _ known: [String: RunStore.Summary], _ speed: Double?
  ) -> Part {
    var estimateLeft = 0.0
    for trial in trials where known[trial.id] == nil {
      estimateLeft += Double(TrialCost(trial).nanoseconds)
    }
    let writer = RunActivity(of: directory)
    let activity = self.activity(directory, writer)
    var secondsLeft = speed.map { estimateLeft * $0 / Double(max(1, writer?.jobs ?? 1)) }
    if case .running = activity, let told = writer?.secondsLeft, told.isFinite, told >= 0 {
      secondsLeft = told
    }
    return Part(
      shard: shard, progress: RunProgress(of: trials, known), activity: activity, secondsLeft: secondsLeft)
  }

  /// A process of this machine holds the lock as long as it lives; one elsewhere is judged by when it last wrote.
  private static func activity(_ directory: RunDirectory, _ writer: RunActivity?) -> Activity {
    if RunLock.isHeld(directory) {
      let holder = RunLock.holder(directory)
      return .running(process: holder?.process ?? 0, host: holder?.host ?? "this machine")
    }
    guard let writer, writer.state == .running, writer.host != ProcessInfo.processInfo.hostName else {
      return .idle
    }
    // Clocks differ: also a little in the future is now.
    let silence = abs(Date().timeIntervalSince(writer.updatedAt))
    return silence < 60
      ? .running(process: writer.process, host: writer.host)
      : .silent(process: writer.process, host: writer.host, seconds: silence)
  }
}
