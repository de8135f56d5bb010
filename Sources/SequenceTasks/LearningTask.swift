import RecurrentCells

/// A task that can be learned: it says where its loss sits, what a network without memory reaches, and when it is solved.
///
/// A new task is one file that conforms, and one entry where specifications name it.
///
/// Steps are those that a sequence is asked for, which its inputs have; of an encoder and a decoder the encoder's. The
/// steps of outputs count from 1 to ``SequenceTask/outputSteps(steps:)``.
public protocol LearningTask: SequenceTask {
  /// What kind of targets it has.
  var objective: TaskObjective { get }
  /// O: classes, or values of a regression.
  var outputSize: Int { get }
  /// T of the shortest sequences it is defined for.
  var leastSteps: Int { get }
  /// The steps whose outputs the loss reads. The loss is a mean over them.
  func placement(steps: Int) -> LossPlacement
  /// The steps, of those the loss reads, whose outputs decide whether a sequence is right: the recall of a memory task.
  func scoredSteps(steps: Int) -> ClosedRange<Int>
  /// What is reached without memory.
  func chance(steps: Int) -> ChanceLevel
  /// How many test sequences there are; nil where as many can be drawn as are wanted.
  var testLimit: Int? { get }
  /// When it counts as solved; nil for a task without such a rule.
  var success: SuccessRule? { get }
  /// How inputs and outputs lie to each other.
  var topology: SequenceTopology { get }
  /// What is reached without memory, of sequences whose lengths are uniform in a range.
  func chance(lengths: ClosedRange<Int>) -> ChanceLevel
  /// What the predictor of ``chance(lengths:)`` loses at one of the steps that the loss reads, of sequences that have it and
  /// whose lengths are uniform in a range; nil where a task does not say.
  ///
  /// - Parameter t: from 1, counted from a sequence's own start.
  func chanceLoss(at t: Int, lengths: ClosedRange<Int>) -> Double?
  /// The token that is read at the step after a class was said, of a task whose ``SequenceTopology/feedsBack``. What a
  /// sequence reads at its first step, nobody has said: it is in the sample.
  func nextToken(afterClass said: Int) -> Int
  /// What one of the tokens that are read is called: a character, `cue`.
  func name(ofToken token: Int) -> String
  /// What a class is called.
  func name(ofClass label: Int) -> String
}

/// What a loss compares outputs with.
public enum TaskObjective: Sendable, Hashable {
  /// Cross entropy with a class, in nats.
  case classification
  /// Mean squared error to values.
  case regression
}

/// What a predictor reaches that knows the task but remembers nothing of the sequence.
public struct ChanceLevel: Sendable, Equatable {
  /// Its loss: nats for a classification, mean squared error for a regression.
  public let loss: Double
  /// The share of sequences it gets wrong; nil where the task has no such count.
  public let errorRate: Double?
  /// The best constant outputs [O], logits or values: a readout that starts with these biases and zero weights starts
  /// at, or for a loss at several steps near, chance.
  public let outputs: [Double]

  public init(loss: Double, errorRate: Double?, outputs: [Double]) {
    self.loss = loss
    self.errorRate = errorRate
    self.outputs = outputs
  }
}

/// When a task counts as solved, and when a sequence counts as right.
public struct SuccessRule: Sendable, Equatable {
  /// The share of test sequences that may be wrong, below which the task is solved.
  public let errorRate: Double
  /// Of a regression: the largest |y − target| of a right sequence. Of a classification nil: every scored step's class
  /// has the largest output.
  public let tolerance: Double?

  public init(errorRate: Double, tolerance: Double? = nil) {
    self.errorRate = errorRate
    self.tolerance = tolerance
  }
}
