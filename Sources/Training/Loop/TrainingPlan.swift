import GradientDiagnostics
import RecurrentCells

/// Everything that decides the course of a training, beside the task and the first weights.
public struct TrainingPlan: Sendable, Hashable {
  /// T of the longest sequences, B of an update.
  public var steps, batch: Int
  /// Steps of the shortest sequences, whose lengths are uniform from there to T; nil: all have T steps.
  public var shortestLength: Int?
  /// The most updates.
  public var iterations: Int
  public var optimiser: Optimiser
  /// η of the first update, times the schedule's factor.
  public var learningRate: Double
  public var schedule: LearningRateSchedule
  public var clip: GradientClip
  /// Share p of what a layer gives that the next one does not see, drawn for each update; 0 ≤ p < 1.
  public var dropout: Double
  /// Of a plain RNN of one layer; nil for none.
  public var penalty: NormPreservationPenalty?
  /// nil: gradients go back to the first step of each sequence.
  public var truncation: Truncation?
  /// Sequences of the test set.
  public var evaluationSize: Int
  /// Of the streams that sequences are drawn from.
  public var rootSeed, seed: UInt64

  public init(
    steps: Int, batch: Int, iterations: Int, optimiser: Optimiser = .sgd, learningRate: Double,
    schedule: LearningRateSchedule = .constant, clip: GradientClip = .none,
    penalty: NormPreservationPenalty? = nil, truncation: Truncation? = nil, dropout: Double = 0,
    shortestLength: Int? = nil, evaluationSize: Int = 10_000, rootSeed: UInt64 = 0, seed: UInt64
  ) {
    self.steps = steps
    self.batch = batch
    self.iterations = iterations
    self.optimiser = optimiser
    self.learningRate = learningRate
    self.schedule = schedule
    self.clip = clip
    self.penalty = penalty
    self.truncation = truncation
    self.dropout = dropout
    self.shortestLength = shortestLength
    self.evaluationSize = evaluationSize
    self.rootSeed = rootSeed
    self.seed = seed
  }

  /// The masks of update n; nil without dropout.
  public func dropout(update n: Int) -> DropoutDraw? {
    dropout > 0 ? DropoutDraw(rate: dropout, rootSeed: rootSeed, seed: seed, iteration: n) : nil
  }

  /// η of update n.
  public func learningRate(update n: Int) -> Double {
    learningRate * schedule.factor(update: n, of: iterations)
  }
}
