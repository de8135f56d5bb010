import Specification
import Trials

/// Progress of a running sweep.
public struct SweepProgress: Sendable {
  /// Of the whole run, or shard.
  public internal(set) var counts: RunProgress
  /// Trials run by this process.
  public internal(set) var ran = 0
  /// Seconds since it began with the first.
  public internal(set) var elapsed = 0.0
  /// Estimated cost of what it has run, and of what it has still to run.
  private var costDone = 0.0
  private var costLeft: Double
  /// Of the finished parts of active trials.
  private var costOfParts = 0.0

  package init(counts: RunProgress, pending: [TrialParameters]) {
    self.counts = counts
    costLeft = pending.reduce(0) { $0 + Double(TrialCost($1).nanoseconds) }
  }

  /// Estimated seconds to the end, by what trials are expected to take and how fast they went so far; nil before the
  /// first.
  public var secondsLeft: Double? {
    costDone + costOfParts > 0 ? elapsed * max(0, costLeft - costOfParts) / (costDone + costOfParts) : nil
  }

  /// Receives the progress of active training runs.
  package mutating func follow(_ courses: [TrainingMonitor.Course]) {
    costOfParts = courses.reduce(0) { sum, course in
      guard let training = course.trial.training else { return sum }
      let share = Double(course.iteration) / Double(training.iterations)
      return sum + Double(TrialCost(course.trial).nanoseconds) * share
    }
  }

  package mutating func count(_ trial: TrialParameters, _ status: TrialStatus) {
    counts.count(status)
    ran += 1
    let cost = Double(TrialCost(trial).nanoseconds)
    costDone += cost
    costLeft = max(0, costLeft - cost)
  }
}
