import SequenceTasks

/// What a network makes of the sequences of a test set.
public struct TaskEvaluation: Sendable, Equatable {
  /// Mean loss over them.
  public let loss: Double
  /// Share of sequences that are wrong; nil where the task has no such count.
  public let errorRate: Double?
  /// How many sequences were read.
  public let sequences: Int
  /// Whether the task's success rule holds on the whole test set; false where it has none.
  public let isSuccess: Bool

  /// Sequences read at once.
  public static let batch = 100

  /// Sequences of a task's whole test set: as many as requested or available, rounded to whole batches.
  ///
  /// A test set that is smaller than a batch is read round and round to fill it.
  public static func size(of task: any LearningTask, wanted: Int) -> Int {
    (min(wanted, task.testLimit ?? wanted) + batch - 1) / batch * batch
  }
}
