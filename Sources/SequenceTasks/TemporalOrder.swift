import Foundation
import LinearAlgebra
import RecurrentCells

/// The temporal order problem: in which order A and B came, far apart among symbols that mean nothing.
///
/// Six symbols, one-hot: A and B are 0 and 1, the distractors c, d, e and f are 2…5. One of A and B stands at
/// each of two places, all else is distractors; with steps counted from 0 and n = ⌊T/10⌋
///
///     v₀ ∈ {A, B} at p₀ ∈ [n, 2n)
///     v₁ ∈ {A, B} at p₁ ∈ [⌊T/2⌋, ⌊T/2⌋ + n)
///     class = v₀ + 2 v₁
///
/// Symbols and places are uniform. Inputs [T, B, 6]; classes [B], in 0..<4.
///
/// The four classes are equally frequent and the last symbol says nothing about them: without memory the loss
/// is ln 4, and 3 in 4 sequences are wrong.
///
/// - Note: Source: Pascanu, Mikolov & Bengio, ICML 2013 (arXiv 1211.5063), §4.1.1; after Hochreiter &
///   Schmidhuber, Neural Computation 9 (1997) 1735, §5.6, task 6a.
public struct TemporalOrder: LearningTask {
  public var name: String { "the temporal order task" }
  public var inputSize: Int { 6 }
  public var tokenCount: Int? { inputSize }
  public var allowsLengths: Bool { true }
  public var meanInputSquare: Double { 1 }
  public var objective: TaskObjective { .classification }
  public var outputSize: Int { 4 }
  /// 10: from there on each range of places has one.
  public var leastSteps: Int { 10 }
  public var success: SuccessRule? { SuccessRule(errorRate: 0.01) }

  public init() {}

  public func name(ofToken token: Int) -> String {
    let names = ["A", "B", "c", "d", "e", "f"]
    return names.indices.contains(token) ? names[token] : "\(token)"
  }
  /// In the order in which they came.
  public func name(ofClass label: Int) -> String { name(ofToken: label & 1) + name(ofToken: label >> 1) }

  public func chance(steps: Int) -> ChanceLevel {
    ChanceLevel(loss: log(4), errorRate: 0.75, outputs: [0, 0, 0, 0])
  }

  public func sample<Element: Scalar>(
    _ type: Element.Type, steps: Int, batch: Int, draw: SampleDraw
  ) throws(SequenceTaskError) -> TaskSample<Element> {
    try checkLength(steps)
    var (distractors, choices) = (draw.inputs, draw.targets)
    var symbols = distractors.integers(steps * batch, bits: 2)
    for k in symbols.indices { symbols[k] += 2 }
    let classes = choices.integers(batch, bits: 2)
    for b in 0..<batch {
      let first = steps / 10 + choices.integer(below: steps / 10)
      let second = steps / 2 + choices.integer(below: steps / 10)
      symbols[first * batch + b] = classes[b] & 1
      symbols[second * batch + b] = classes[b] >> 1
    }
    return TaskSample(.tokens(symbols, count: inputSize), classes: classes)
  }
}
