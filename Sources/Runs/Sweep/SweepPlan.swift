import Specification
import TextFiles
import Trials

/// What a sweep would do, without doing it.
public struct SweepPlan: Sendable {
  /// A few lines for people.
  public let text: String

  /// - Throws: as ``Sweep/init(_:directory:options:)``, but writes nothing.
  public init(
    _ specification: SweepSpecification, directory path: String, options: SweepOptions
  ) throws {
    let trials = specification.trials(of: options.shard)
    let budget = MemoryBudget(limit: options.memoryLimit, for: specification, trials: trials.count)
    let runner = try TrialRunner(specification, cacheCapacity: budget.caches)
    let limits = try SweepLimits(
      trials, of: specification, jobs: options.jobs, budget: budget, directory: path,
      inputSize: runner.inputSize)
    let steps = trials.reduce(0) { $0 + $1.sequenceLength }
    let work =
      specification.trains
      ? "training runs of up to \(specification.iterations) updates" : "trials, \(steps) steps in all"
    let what = options.shard.map { "shard \($0) with " } ?? ""
    var lines = [
      "\(specification.name): \(what)\(trials.count) \(work), into \(path)",
      limits.text(jobs: options.jobs),
    ]
    let directory = RunDirectory(path)
    let place = directory.part(options.shard)
    try Sweep.checkPlace(place, specification)
    var pending = trials
    if let added = try directory.additions(by: specification) {
      if !added.isEmpty { lines.append("added to the run: \(added.joined(separator: "; "))") }
      let known = try KnownResults(store: place.storeForReading(), of: place)
        .pending(among: trials, retryingFailed: options.retriesFailed)
      pending = known.trials
      let failed = known.counts.failed > 0 ? ", \(known.counts.failed) failed" : ""
      lines.append("\(known.counts.done) of them are already done\(failed), \(pending.count) left")
    }
    try limits.checkDisk(pending)
    lines.append("")
    lines.append(specification.normalisedYAML)
    text = lines.joined(separator: "\n")
  }
}
