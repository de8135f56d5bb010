import GradientDiagnostics

/// Everything that decides the course of a training, beside the task and the first weights.
public struct TrainingPlan: Sendable, Hashable {
  /// T of a sequence, B of an update.
  public var steps, batch: Int
  /// The most updates.
  public var iterations: Int
  public var optimiser: Optimiser
  /// η of the first update, times the schedule's factor.
  public var learningRate: Double
  public var schedule: LearningRateSchedule
  public var clip: GradientClip
  /// Of a plain RNN; nil for none.
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
    penalty: NormPreservationPenalty? = nil, truncation: Truncation? = nil, evaluationSize: Int = 10_000,
    rootSeed: UInt64 = 0, seed: UInt64
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
    self.evaluationSize = evaluationSize
    self.rootSeed = rootSeed
    self.seed = seed
  }

  /// η of update n.
  public func learningRate(update n: Int) -> Double {
    learningRate * schedule.factor(update: n, of: iterations)
  }
}
