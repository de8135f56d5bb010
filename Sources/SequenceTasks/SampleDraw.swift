import LinearAlgebra
import RecurrentCells

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

  /// The sequences of one length, in a batch of several.
  public func of(length: Int) -> SampleDraw {
    SampleDraw(rootSeed: rootSeed, seed: seed, use: use, length: length)
  }

  /// The lengths of the sequences of a batch, independent and uniform in shortest…longest, longest first: the same for
  /// every trial of a seed. The longest of them may be shorter than `longest`. A washout has those of its diagnosis.
  ///
  /// - Precondition: 1 ≤ shortest ≤ longest, and there is at least one sequence.
  public func lengths(shortest: Int, longest: Int, batch: Int) -> SequenceLengths {
    precondition(
      1 <= shortest && shortest <= longest && batch >= 1,
      "\(batch) sequences of \(shortest) to \(longest) steps")
    var stream = stream(
      .lengths, .lengths, RandomPurpose.trainingLengths, RandomPurpose.evaluationLengths, part: 0)
    let lengths = (0..<batch).map { _ in shortest + stream.integer(below: longest - shortest + 1) }
    return SequenceLengths(lengths.sorted(by: >))
  }

  /// The stream that inputs come from.
  public var inputs: RandomStream {
    stream(
      .inputs, .washoutInputs, RandomPurpose.trainingInputs, RandomPurpose.evaluationInputs, part: part)
  }
  /// The stream that targets come from, where they are drawn apart.
  public var targets: RandomStream {
    stream(
      .targets, .washoutTargets, RandomPurpose.trainingTargets, RandomPurpose.evaluationTargets, part: part)
  }

  /// 0 for sequences of one length; those of several are drawn apart.
  private var part: UInt64 { length.map { UInt64($0) } ?? 0 }

  private func stream(
    _ diagnosis: RandomPurpose, _ washout: RandomPurpose, _ training: (UInt32) -> RandomPurpose,
    _ evaluation: (UInt32) -> RandomPurpose, part: UInt64
  ) -> RandomStream {
    var trialSeed = seed
    let purpose: RandomPurpose
    switch use {
    case .diagnosis: purpose = diagnosis
    case .washout: purpose = washout
    case .training(let iteration): purpose = training(UInt32(truncatingIfNeeded: iteration))
    case .evaluation(let part): (trialSeed, purpose) = (0, evaluation(UInt32(truncatingIfNeeded: part)))
    }
    return RandomStream(rootSeed: rootSeed, trialSeed: trialSeed, purpose: purpose, part: part)
  }
}
