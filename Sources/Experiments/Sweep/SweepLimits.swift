import GradientFlow

/// Refuses what cannot fit before memory or disk are gone.
struct SweepLimits: Sendable {
  /// Estimated bytes at the peak, with as many trials at once as are allowed.
  let memory: ByteCount
  /// Estimated bytes of all results.
  let disk: ByteCount
  private let directory: String
  /// How many of the largest trials run at once.
  private let largestAtOnce: Int
  /// How many would run at once with enough memory.
  private let wantedAtOnce: Int

  /// - Throws: ``RunError/tooLarge(what:needed:available:advice:)`` where one trial alone does not fit into memory.
  init(
    _ trials: [TrialParameters], of specification: SweepSpecification, jobs: Int, budget: MemoryBudget,
    directory: String, inputSize: (TrialParameters) -> Int
  ) throws(RunError) {
    var largest = 0.0
    var disk = 0.0
    var at: TrialParameters?
    for trial in trials {
      let cost = TrialCost(trial, inputSize: inputSize(trial))
      disk += cost.disk
      if cost.memory > largest {
        largest = cost.memory
        at = trial
      }
    }
    if let p = at, largest > budget.trials {
      let overhead = budget.limit - budget.trials
      throw .tooLarge(
        what: "the largest trial (\(p.cell.rawValue), hidden_size \(p.hiddenSize), batch_size "
          + "\(p.batchSize), sequence_length \(p.sequenceLength))",
        needed: ByteCount(largest + overhead).description,
        available: ByteCount(budget.limit).description + " of memory",
        advice: "make it smaller, or raise --memory-limit if that was given")
    }
    let wanted = max(1, min(jobs, trials.count))
    wantedAtOnce = wanted
    largestAtOnce = largest > 0 ? max(1, Int(min(Double(wanted), budget.trials / largest))) : wanted
    let shared = min(specification.sharedBytes, Double(budget.caches))
    // A trial's parameters are held as long as the sweep lasts, in the grid and in the order of execution.
    let grid = Double(trials.count) * 400
    memory = ByteCount(
      MemoryBudget.program + grid + shared + min(Double(wanted) * largest, budget.trials))
    self.disk = ByteCount(disk)
    self.directory = directory
  }

  /// - Parameter pending: trials that have still to be stored.
  /// - Throws: ``RunError/diskTooSmall(what:needed:available:advice:)`` where their results would not fit.
  func checkDisk(_ pending: [TrialParameters]) throws(RunError) {
    let needed = pending.reduce(0) { $0 + TrialCost($1).disk }
    guard let free = MachineLimits.availableDisk(directory), needed > 0.9 * free else { return }
    throw .diskTooSmall(
      what: "the results of \(pending.count) trials", needed: ByteCount(needed).description,
      available: ByteCount(free).description + " on the disk",
      advice: "free some space, use fewer trials or shorter sequences, or another directory with -o")
  }

  /// One line for people.
  func text(jobs: Int) -> String {
    let room = largestAtOnce < wantedAtOnce ? " (the largest trials \(largestAtOnce) at a time)" : ""
    return "memory: about \(memory) on \(jobs) jobs\(room); disk: about \(disk)"
  }
}
