import Foundation
import LinearAlgebra
import RecurrentCells

/// The XOR problem: whether the two bits of a sequence that are marked differ.
///
///     class = u_p ⊕ u_q,   u_t ∈ {0, 1}
///
/// with equally likely bits and otherwise the inputs of ``AddingProblem``, [T, B, 2]; classes [B], in 0..<2.
///
/// One of the two bits says nothing about the class: without both the loss is ln 2, and every other sequence
/// is wrong.
///
/// - Note: Source: Martens & Sutskever, ICML 2011, §4.1, after the adding problem of Hochreiter &
///   Schmidhuber, Neural Computation 9 (1997) 1735, §5.4; the places of the marks are those of the adding
///   problem here.
public struct DelayedXOR: LearningTask {
  public var name: String { "the XOR task" }
  public var inputSize: Int { 2 }
  public var allowsLengths: Bool { true }
  /// E u² = 1/2: the two marks are left out, whose 2/T vanishes for long sequences.
  public var meanInputSquare: Double { 1 / 2 }
  public var objective: TaskObjective { .classification }
  public var outputSize: Int { 2 }
  public var leastSteps: Int { MarkedPairs.leastSteps }
  public var success: SuccessRule? { SuccessRule(errorRate: 0.01) }

  public init() {}

  public func chance(steps: Int) -> ChanceLevel {
    ChanceLevel(loss: log(2), errorRate: 0.5, outputs: [0, 0])
  }

  public func sample<Element: Scalar>(
    _ type: Element.Type, steps: Int, batch: Int, draw: SampleDraw
  ) throws(SequenceTaskError) -> TaskSample<Element> {
    try checkLength(steps)
    var (bits, places) = (draw.inputs, draw.targets)
    let values = bits.integers(steps * batch, bits: 1).map { Double($0) }
    let pairs = MarkedPairs(values: values, steps: steps, batch: batch, places: &places)
    return TaskSample(
      inputs: Element.array(pairs.inputs), classes: zip(pairs.first, pairs.second).map { $0 == $1 ? 0 : 1 })
  }
}
