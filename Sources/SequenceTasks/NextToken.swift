import Foundation
import Language
import LinearAlgebra
import RecurrentCells

/// A language model: the token read at each step is followed by one that is to be told.
///
///     L = −(1/n) Σ_t ln p(x_{t+1} | x_1 … x_t)   in nats,   perplexity e^L,   bits per token L / ln 2
///
/// Training reads its part of the text in order where gradients are truncated, and windows that start at random places
/// where they are not. The held-out parts are read in order, from their first token to their last, with the state carried
/// on: see ``HeldOutStream``. Inputs [T, B, V], one-hot or embedded; classes [T, B].
///
/// Chance is the best predictor without memory, which knows the token just read and how often each other one follows it:
/// a bigram model with Kneser–Ney smoothing, trained on the training part, on the test part. ``ChanceLevel/outputs`` are
/// the logarithms of the frequencies of tokens, for a readout reads nothing but its bias at the start.
///
/// - Note: Source: Karpathy, Johnson & Fei-Fei, arXiv 1506.02078 (2015), section 3.
public struct NextToken: StreamTask {
  public let corpus: Corpus
  /// What models without a recurrent network make of the same parts.
  public let baselines: CorpusBaselines
  private let frequencies: [Double]

  public var name: String {
    switch corpus.vocabulary.level {
    case .characters: "the char-lm task"
    case .words: "the word-lm task"
    }
  }
  public var inputSize: Int { corpus.vocabulary.count }
  public var tokenCount: Int? { corpus.vocabulary.count }
  public var allowsLengths: Bool { false }
  public var meanInputSquare: Double { 1 }
  public var objective: TaskObjective { .classification }
  public var outputSize: Int { corpus.vocabulary.count }
  public var leastSteps: Int { 1 }
  public var success: SuccessRule? { nil }

  /// - Complexity: O(n).
  public init(_ corpus: Corpus) {
    self.corpus = corpus
    baselines = CorpusBaselines(corpus)
    var counts = [Double](repeating: 0, count: corpus.vocabulary.count)
    for token in corpus.tokens[corpus.parts.training] { counts[Int(token)] += 1 }
    // A token that the training part does not have is as rare as one that it has half a time.
    let total = counts.reduce(0) { $0 + max($1, 0.5) }
    frequencies = counts.map { max($0, 0.5) / total }
  }

  public func name(ofToken token: Int) -> String { corpus.vocabulary.name(of: token) }
  public func name(ofClass label: Int) -> String { corpus.vocabulary.name(of: label) }

  public func placement(steps: Int) -> LossPlacement { .everyStep }
  public func scoredSteps(steps: Int) -> ClosedRange<Int> { 1...steps }

  public func chance(steps: Int) -> ChanceLevel {
    ChanceLevel(loss: baselines.memorylessLoss, errorRate: nil, outputs: frequencies.map { log($0) })
  }

  public func sample<Element: Scalar>(
    _ type: Element.Type, steps: Int, batch: Int, draw: SampleDraw
  ) throws(SequenceTaskError) -> TaskSample<Element> {
    let part: Range<Int>
    switch draw.use {
    case .training: part = corpus.parts.training
    case .diagnosis, .washout, .evaluation: part = corpus.parts.validation
    }
    guard part.count > steps else {
      throw .partTooShort(tokens: part.count, level: corpus.vocabulary.level, steps: steps)
    }
    var places = draw.inputs
    let starts = (0..<batch).map { _ in part.lowerBound + places.integer(below: part.count - steps) }
    return windows(starts, steps: steps, in: part)
  }

  /// Reader b of B starts at ⌊b·n/B⌋ of the n tokens of the training part and reads on, T tokens a chunk; after the last
  /// one comes the first.
  ///
  /// - Note: Source: Williams & Peng, Neural Computation 2 (1990) 490.
  public func chunk<Element: Scalar>(
    _ type: Element.Type, steps: Int, batch: Int, index: Int
  ) -> TaskSample<Element> {
    let part = corpus.parts.training
    let starts = (0..<batch).map {
      part.lowerBound + ($0 * part.count / batch + index * steps) % part.count
    }
    return windows(starts, steps: steps, in: part)
  }

  public func heldOut(_ part: HeldOutPart) -> HeldOutStream? {
    HeldOutStream(tokens: corpus.tokens, part: corpus.parts[part], count: corpus.vocabulary.count)
  }

  /// Tokens from each start on, and the ones after them; at the end of a part it continues with its first.
  private func windows<Element: Scalar>(
    _ starts: [Int], steps: Int, in part: Range<Int>
  ) -> TaskSample<Element> {
    var places = starts
    var tokens: [Int] = []
    tokens.reserveCapacity((steps + 1) * starts.count)
    for _ in 0...steps {
      for b in places.indices {
        tokens.append(Int(corpus.tokens[places[b]]))
        places[b] = places[b] + 1 == part.upperBound ? part.lowerBound : places[b] + 1
      }
    }
    return TaskSample(
      .tokens(Array(tokens.dropLast(starts.count)), count: inputSize),
      classes: Array(tokens.dropFirst(starts.count)))
  }
}
