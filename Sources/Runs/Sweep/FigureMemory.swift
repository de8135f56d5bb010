import Machine
import Specification
import Trials

/// Memory needed to draw the figures of a run.
public struct FigureMemory: Sendable {
  /// Of the process that draws.
  public let needed: ByteCount
  /// Of it, what may be kept of trials that have been read, so that the next figure need not read them again.
  public let kept: Int

  /// The most that is kept of trials.
  private static let mostKept = Double(1 << 29)
  /// A trial's parameters, its results in numbers, and its place in each figure's points.
  private static let bytesOfTrial = 4500.0
  /// About as many columns of a trial's table are drawn.
  private static let drawnColumns = 6.0

  /// - Parameters:
  ///   - trials: of the run.
  ///   - limit: of the whole process; nil: nine tenths of what is available.
  public init(_ trials: [TrialParameters], limit: ByteCount? = nil) {
    let limit = limit?.bytes ?? 0.9 * MachineLimits.availableMemory
    let kept = min(Self.mostKept, limit / 4)
    self.kept = Int(kept)
    var (columns, largest, longest) = (0.0, 0.0, 0)
    var seeds: Set<UInt64> = []
    for trial in trials {
      let column = Double(trial.stepRows) * 8
      columns += column * Self.drawnColumns
      // A trial is read a column at a time, a training with its whole course.
      let course = trial.training == nil ? 0 : TrialCost(trial).row
      largest = max(largest, column * (Self.drawnColumns + 1) + course)
      longest = max(longest, trial.sequenceLength)
      seeds.insert(trial.seed)
    }
    // The curves of a panel are there by seed, and turned round.
    let panel = Double(seeds.count) * Double(longest) * 8 * 3
    needed = ByteCount(
      MemoryBudget.program + Double(trials.count) * Self.bytesOfTrial + min(kept, columns) + largest + panel)
  }
}
