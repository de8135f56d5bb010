import LinearAlgebra

/// Which sequences of a task are drawn: by two seeds and by what they are for.
///
/// Every draw has streams of its own, so that the batch of iteration 40,000 is known without drawing the ones before:
/// training goes on after an interruption with the same numbers.
public struct SampleDraw: Sendable, Hashable {
  /// What sequences are drawn for.
  public enum Use: Sendable, Hashable {
    /// The one batch of a trial that diagnoses gradients.
    case diagnosis
    /// The steps of the same trial that come before the ones it measures.
    case washout
    /// The batch of an update, counted from 1; at most 2³².
    case training(iteration: Int)
    /// A part of the test set, which is the same for every trial seed.
    case evaluation(part: Int)
  }

  /// Root seed of a sweep and seed of a trial.
  public let rootSeed, seed: UInt64
  public let use: Use
  /// Of the sequences of a batch of different lengths, those that have this one, which are drawn apart; nil: all have one.
  public let length: Int?

  public init(rootSeed: UInt64 = 0, seed: UInt64 = 0, use: Use = .diagnosis, length: Int? = nil) {
    self.rootSeed = rootSeed
    self.seed = seed
    self.use = use
    self.length = length
  }

  /// The stream that inputs come from.
  public var inputs: RandomStream {
    stream(
      .inputs, .washoutInputs, RandomPurpose.trainingInputs, RandomPurpose.evaluationInputs)
  }
  /// The stream that targets come from, where they are drawn apart.
  public var targets: RandomStream {
    stream(
      .targets, .washoutTargets, RandomPurpose.trainingTargets, RandomPurpose.evaluationTargets)
  }

  private func stream(
    _ diagnosis: RandomPurpose, _ washout: RandomPurpose, _ training: (UInt32) -> RandomPurpose,
    _ evaluation: (UInt32) -> RandomPurpose
  ) -> RandomStream {
    var trialSeed = seed
    let purpose: RandomPurpose
    switch use {
    case .diagnosis: purpose = diagnosis
    case .washout: purpose = washout
    case .training(let iteration): purpose = training(UInt32(truncatingIfNeeded: iteration))
    case .evaluation(let part): (trialSeed, purpose) = (0, evaluation(UInt32(truncatingIfNeeded: part)))
    }
    return RandomStream(rootSeed: rootSeed, trialSeed: trialSeed, purpose: purpose)
  }
}
