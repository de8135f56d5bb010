import Foundation
import SequenceTasks

/// What a network makes of the sequences of a test set.
public struct TaskEvaluation: Sendable, Equatable {
  /// Mean loss over the outputs that count; where outputs are read as inputs, each after the right ones before it.
  public let loss: Double
  /// Share of sequences that are wrong; nil where the task has no such count. Where outputs are read as inputs it does not
  /// matter whether the network reads its own or the right ones: up to the first mistake they are the same.
  public let errorRate: Double?
  /// Where outputs are read as inputs, the mean loss where the network reads its own: at each step the class with the
  /// largest output of the step before; nil for other tasks.
  public let ownLoss: Double?
  /// Share of the outputs that count whose right class has the largest, read as ``loss`` is; nil for a regression.
  public let accuracy: Double?
  /// Where outputs are read as inputs, the same where the network reads its own; nil for other tasks.
  public let ownAccuracy: Double?
  /// How many sequences were read; of a text that is read in order, how many pieces of the sequence length.
  public let sequences: Int
  /// Whether the task's success rule holds on the whole test set; false where it has none.
  public let isSuccess: Bool
  /// By step of the sequences, counted from each one's own start: of those steps that have outputs that count. None of a
  /// text that is read in order.
  public let steps: [StepScore]

  /// e to the mean loss: as many equally likely classes have the same; nil for a regression.
  public var perplexity: Double? { accuracy.map { _ in exp(loss) } }
  /// The mean loss in bits; nil for a regression.
  public var bits: Double? { accuracy.map { _ in loss / log(2) } }

  /// What a network makes of one step of the sequences.
  public struct StepScore: Sendable, Equatable {
    /// t = 1…T, from each sequence's own start.
    public let step: Int
    /// Mean loss over the outputs that count.
    public let loss: Double
    /// Share of them whose right class has the largest; nil for a regression.
    public let accuracy: Double?
    /// Where outputs are read as inputs, the same where the network reads its own; nil for other tasks.
    public let ownLoss: Double?
    public let ownAccuracy: Double?
    /// How many outputs count.
    public let count: Int

    /// e to the mean loss; nil for a regression.
    public var perplexity: Double? { accuracy.map { _ in exp(loss) } }
  }

  /// Sequences read at once.
  public static let batch = 100

  /// Sequences of a task's whole test set: as many as requested or available, rounded to whole batches.
  ///
  /// A test set that is smaller than a batch is read round and round to fill it.
  public static func size(of task: any LearningTask, wanted: Int) -> Int {
    (min(wanted, task.testLimit ?? wanted) + batch - 1) / batch * batch
  }
}
