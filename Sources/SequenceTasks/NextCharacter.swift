import Foundation
import Language
import LinearAlgebra
import RecurrentCells

/// Real text: one-hot characters in, the next character as the class of each step.
///
/// The vocabulary is the set of Unicode scalars of the text, in code-point order. Each batch element reads a
/// window of T + 1 characters that starts at a random place. Inputs [T, B, I]; classes [T, B].
///
/// Windows for evaluation lie in the last ⌊n/10⌋ of the n characters of the text, those for training in the
/// ones before: nothing is tested on what is trained on. A diagnosis reads the whole text.
///
/// Chance knows the character just read and how often each other one follows it: a bigram model with Kneser–Ney smoothing,
/// trained on the part before the last tenth, on that tenth. ``ChanceLevel/outputs`` are ln f of the frequencies f of
/// characters in the whole text: a readout reads nothing but its bias at the start.
public struct NextCharacter: StreamTask {
  /// The characters, in the order of their indices.
  public let vocabulary: [Unicode.Scalar]
  private let indices: [Int32]
  private let level: ChanceLevel

  public var name: String { "the text task" }
  public var inputSize: Int { vocabulary.count }
  public var tokenCount: Int? { vocabulary.count }
  public var allowsLengths: Bool { true }
  public var meanInputSquare: Double { 1 }
  public var objective: TaskObjective { .classification }
  public var outputSize: Int { vocabulary.count }
  public var leastSteps: Int { 1 }
  public var success: SuccessRule? { nil }
  /// Characters of the text.
  public var length: Int { indices.count }
  /// Characters before the last tenth, which is kept for evaluation.
  public var trainingLength: Int { length - length / 10 }

  /// - Complexity: O(n log v).
  public init(text: String) {
    // Without a copy of the text as scalars: it may be long.
    let scalars = text.unicodeScalars
    vocabulary = Set(scalars).sorted()
    let index = Dictionary(
      uniqueKeysWithValues: vocabulary.enumerated().map { ($0.element, Int32($0.offset)) })
    indices = scalars.map { index[$0] ?? 0 }
    var counts = [Double](repeating: 0, count: vocabulary.count)
    for character in indices { counts[Int(character)] += 1 }
    let count = Double(indices.count)
    let frequencies = counts.map { $0 / count }
    let split = indices.count - indices.count / 10
    var loss = Double.nan
    if !indices.isEmpty {
      loss =
        KneserNey.scores(
          tokens: indices, vocabulary: vocabulary.count, training: 0..<split,
          scored: [split < indices.count ? split..<indices.count : 0..<indices.count], orders: 2
        ).losses[0][1]
    }
    level = ChanceLevel(loss: loss, errorRate: nil, outputs: frequencies.map { log($0) })
  }

  public func name(ofToken token: Int) -> String { vocabulary[token].visible }
  public func name(ofClass label: Int) -> String { vocabulary[label].visible }

  public func placement(steps: Int) -> LossPlacement { .everyStep }
  public func scoredSteps(steps: Int) -> ClosedRange<Int> { 1...steps }
  public func chance(steps: Int) -> ChanceLevel { level }
  public func chanceLoss(at t: Int, lengths: ClosedRange<Int>) -> Double? { level.loss }

  public func sample<Element: Scalar>(
    _ type: Element.Type, steps: Int, batch: Int, draw: SampleDraw
  ) throws(SequenceTaskError) -> TaskSample<Element> {
    guard indices.count >= steps + 1 else {
      throw .textTooShort(characters: indices.count, needed: steps + 1)
    }
    let part = try part(draw.use, steps: steps)
    var places = draw.inputs
    let starts = (0..<batch).map { _ in part.lowerBound + places.integer(below: part.count - steps) }
    return windows(starts, steps: steps, end: length)
  }

  /// Where windows of T + 1 characters for a use are.
  private func part(_ use: SampleDraw.Use, steps: Int) throws(SequenceTaskError) -> Range<Int> {
    let part: Range<Int>
    switch use {
    case .diagnosis, .washout: return 0..<length
    case .training: part = 0..<trainingLength
    case .evaluation: part = trainingLength..<length
    }
    // Nothing is tested on what is trained on.
    guard part.count > steps else {
      throw .testTextTooShort(characters: length - trainingLength, steps: steps)
    }
    return part
  }

  /// Consecutive pieces of the text, for backpropagation through time that is cut off between them.
  ///
  /// Reader b of B starts at ⌊b·n/B⌋ of the n characters that are not kept for evaluation and reads on, T
  /// characters a chunk; after the last one comes the first.
  ///
  /// - Parameter index: the number of the chunk, from 0.
  /// - Precondition: the text is not empty.
  /// - Note: Source: Williams & Peng, Neural Computation 2 (1990) 490.
  public func chunk<Element: Scalar>(
    _ type: Element.Type, steps: Int, batch: Int, index: Int
  ) -> TaskSample<Element> {
    precondition(length > 0, "an empty text has no chunks")
    let starts = (0..<batch).map { ($0 * trainingLength / batch + index * steps) % trainingLength }
    return windows(starts, steps: steps, end: trainingLength)
  }

  /// Characters from each start on, and the ones after them; at `end` it goes on with the first.
  private func windows<Element: Scalar>(_ starts: [Int], steps: Int, end: Int) -> TaskSample<Element> {
    var places = starts
    var characters: [Int] = []
    characters.reserveCapacity((steps + 1) * starts.count)
    for _ in 0...steps {
      for b in places.indices {
        characters.append(Int(indices[places[b]]))
        places[b] = places[b] + 1 == end ? 0 : places[b] + 1
      }
    }
    return TaskSample(
      .tokens(Array(characters.dropLast(starts.count)), count: inputSize),
      classes: Array(characters.dropFirst(starts.count)))
  }
}
