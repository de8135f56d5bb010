import Machine
import Specification
import TextFiles
import Trials

/// Refuses sweeps that cannot fit before memory or disk run out.
struct SweepLimits: Sendable {
  /// Estimated bytes at the peak, with as many trials at once as are allowed.
  package let memory: ByteCount
  /// Estimated bytes for drawing the figures afterwards.
  package let figures: ByteCount
  /// Estimated bytes of all results, with models and checkpoints.
  package let disk: ByteCount
  private let specification: SweepSpecification
  private let directory: String
  /// Trials.
  private let count: Int
  /// How many of the largest trials run at once.
  private let largestAtOnce: Int
  /// How many would run at once with enough memory.
  private let wantedAtOnce: Int

  /// Bytes that SQLite takes in a row.
  private static let rowLimit = 1e9

  /// - Throws: ``RunError/tooLarge(what:needed:available:advice:)`` where one trial alone does not fit into memory, or its
  ///   results into a row of the store.
  package init(
    _ trials: [TrialParameters], of specification: SweepSpecification, jobs: Int, budget: MemoryBudget,
    directory: String, inputSize: (TrialParameters) -> Int
  ) throws(RunError) {
    var (largest, widest) = (0.0, 0.0)
    var at: (memory: TrialParameters?, row: TrialParameters?)
    for trial in trials {
      let cost = TrialCost(trial, inputSize: inputSize(trial))
      if cost.memory > largest { (largest, at.memory) = (cost.memory, trial) }
      if cost.row > widest { (widest, at.row) = (cost.row, trial) }
    }
    if let p = at.memory, largest > budget.trials {
      throw .tooLarge(
        what: "the largest trial (\(Self.label(p)))",
        needed: ByteCount(budget.limit(forTrialOf: largest, specification)).description,
        available: ByteCount(budget.limit).description + " of memory",
        advice: "make it smaller, or raise --memory-limit or ulimit -v if you set one of them")
    }
    if let p = at.row, widest > Self.rowLimit {
      throw .tooLarge(
        what: "the results of one trial (\(Self.label(p)))", needed: ByteCount(widest).description,
        available: ByteCount(Self.rowLimit).description + " in a row of the store",
        advice: p.training == nil
          ? "use shorter sequences" : "use shorter sequences, or a larger diagnose_every or record_every")
    }
    let wanted = max(1, min(jobs, trials.count))
    wantedAtOnce = wanted
    largestAtOnce = largest > 0 ? max(1, Int(min(Double(wanted), budget.trials / largest))) : wanted
    let shared = min(specification.sharedBytes, Double(budget.caches))
    memory = ByteCount(
      MemoryBudget.program + budget.fixed + shared + min(Double(wanted) * largest, budget.trials))
    figures = FigureMemory(trials, limit: ByteCount(budget.limit)).needed
    self.directory = directory
    self.specification = specification
    count = trials.count
    disk = ByteCount(Self.disk(trials, of: specification, atOnce: largestAtOnce))
  }

  private static func label(_ p: TrialParameters) -> String {
    var text =
      "\(p.cell.rawValue), hidden_size \(p.hiddenSize), batch_size \(p.batchSize), sequence_length "
      + "\(p.sequenceLength)"
    if let size = p.readoutSize { text += ", readout_size \(size)" }
    if let training = p.training { text += ", iterations \(training.iterations)" }
    return text
  }

  /// Bytes of the store, the CSVs, all models, and the checkpoints that are there at a time, each while a new one is
  /// written beside it.
  private static func disk(
    _ trials: [TrialParameters], of specification: SweepSpecification, atOnce: Int
  ) -> Double {
    var (bytes, checkpoint) = (0.0, 0.0)
    for trial in trials {
      let cost = TrialCost(trial)
      let every = specification.checkpointEvery
      let models =
        trial.training.map { every > 0 ? 2 + Double($0.iterations / every) : 1 } ?? 0
      bytes += cost.disk + models * cost.model
      checkpoint = max(checkpoint, cost.checkpoint)
    }
    return bytes + 2 * checkpoint * Double(min(atOnce, trials.count))
  }

  /// - Parameter pending: trials that have still to be stored.
  /// - Throws: ``RunError/diskTooSmall(what:needed:available:advice:)`` where their results would not fit.
  package func checkDisk(_ pending: [TrialParameters]) throws(RunError) {
    let needed =
      pending.count == count ? disk.bytes : Self.disk(pending, of: specification, atOnce: largestAtOnce)
    guard let free = MachineLimits.availableDisk(directory), needed > 0.9 * free else { return }
    throw .diskTooSmall(
      what: "the results of \(pending.count) trials", needed: ByteCount(needed).description,
      available: ByteCount(free).description + " on the disk",
      advice: "free some space, use fewer trials or shorter sequences, or another directory with -o")
  }

  /// One line for people.
  package func text(jobs: Int) -> String {
    let room = largestAtOnce < wantedAtOnce ? " (the largest trials \(largestAtOnce) at a time)" : ""
    let drawing = figures > memory ? ", \(figures) for the figures" : ""
    return "memory: about \(memory) on \(jobs) jobs\(room)\(drawing); disk: about \(disk)"
  }
}
