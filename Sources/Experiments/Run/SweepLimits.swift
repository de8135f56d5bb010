/// Refuses what cannot fit before memory or disk are gone.
enum SweepLimits {
  /// - Returns: bytes of memory of the trials that run at once, and of disk of all results.
  @discardableResult
  static func check(
    _ trials: [TrialParameters], jobs: Int, directory: String,
    inputSize: (TrialParameters) -> Int
  ) throws(RunError) -> (memory: Double, disk: Double) {
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
    let memory = largest * Double(max(1, min(jobs, trials.count)))
    if let p = at {
      try MachineLimits.checkMemory(
        memory,
        of: "the largest trial (\(p.cell.rawValue), hidden_size \(p.hiddenSize), batch_size "
          + "\(p.batchSize), sequence_length \(p.sequenceLength)) on \(jobs) jobs",
        advice: "make it smaller or use fewer --jobs")
    }
    if let free = MachineLimits.availableDisk(directory), disk > 0.9 * free {
      throw .tooLarge(
        what: "the results of \(trials.count) trials", needed: MachineLimits.text(disk),
        available: MachineLimits.text(free) + " on the disk",
        advice: "use fewer trials or shorter sequences, or another directory with -o")
    }
    return (memory, disk)
  }
}
