import GradientFlow
import Specification

/// What a trial draws by its seed.
extension TrialParameters {
  /// Its stream for a purpose.
  func stream(_ purpose: RandomPurpose, part: UInt64 = 0) -> RandomStream {
    RandomStream(rootSeed: rootSeed, trialSeed: seed, purpose: purpose, part: part)
  }

  /// Which sequences of a task are drawn.
  func draw(_ use: SampleDraw.Use = .diagnosis) -> SampleDraw {
    SampleDraw(rootSeed: rootSeed, seed: seed, use: use)
  }

  /// T of its sequences, from the shortest to the longest.
  package var lengthRange: ClosedRange<Int> { (shortestLength ?? sequenceLength)...sequenceLength }

  /// Lengths of the sequences that gradients are diagnosed on, of what is read first; nil where all have T steps.
  package var lengths: SequenceLengths? {
    guard let shortestLength, shortestLength < sequenceLength else { return nil }
    return draw().lengths(shortest: shortestLength, longest: sequenceLength, batch: batchSize)
  }
}

extension SequenceTask {
  /// The sequences that the gradients of a trial are diagnosed on.
  func sample<Element: Scalar>(
    _ type: Element.Type, of p: TrialParameters
  ) throws(SequenceTaskError) -> TaskSample<Element> {
    if let lengths = p.lengths { return try sample(type, lengths: lengths, draw: p.draw()) }
    return try sample(type, steps: p.sequenceLength, batch: p.batchSize, draw: p.draw())
  }

  /// T, B and lengths of what the last part of a trial's network reads.
  func shape<Element: Scalar>(of sample: TaskSample<Element>, _ p: TrialParameters) -> BatchShape {
    sample.shape(steps: outputSteps(steps: p.sequenceLength), batch: p.batchSize)
  }
}

extension LearningTask {
  /// What is reached without memory on the sequences of a trial: where their lengths vary, a mean over these.
  func chance(of p: TrialParameters) -> ChanceLevel {
    chance(lengths: p.lengthRange)
  }
}
