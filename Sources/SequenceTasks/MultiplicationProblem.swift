import Foundation
import LinearAlgebra
import RecurrentCells

/// The multiplication problem: the product of the two values of a sequence that are marked.
///
///     target = u_p u_q
///
/// with the inputs of ``AddingProblem``, [T, B, 2]; values [B, 1], in [0, 1).
///
/// The best constant is the mean 1/4, with the variance of the product as its loss: 1/3 · 1/3 − 1/16 = 7/144.
/// The product z has the density −ln z, and F(z) = z − z ln z is the probability of less than z. A sequence
/// counts as right within ε = 0.04; the constant is wrong in
///
///     P(|z − 1/4| > ε) = 1 − F(0.29) + F(0.21) = 0.8888
///
/// of them. That is ``chance(steps:)``.
///
/// - Note: Source: Hochreiter & Schmidhuber, Neural Computation 9 (1997) 1735, §5.5, which has the tolerance;
///   the places of the marks are those of the adding problem here.
public struct MultiplicationProblem: LearningTask {
  public var inputSize: Int { 2 }
  /// E u² = 1/3: the two marks are left out, whose 2/T vanishes for long sequences.
  public var meanInputSquare: Double { 1 / 3 }
  public var objective: TaskObjective { .regression }
  public var outputSize: Int { 1 }
  public var leastSteps: Int { MarkedPairs.leastSteps }
  public var success: SuccessRule? { SuccessRule(errorRate: 0.01, tolerance: 0.04) }

  public init() {}

  public func chance(steps: Int) -> ChanceLevel {
    func distribution(_ z: Double) -> Double { z - z * log(z) }
    return ChanceLevel(
      loss: 7 / 144, errorRate: 1 - distribution(0.29) + distribution(0.21), outputs: [0.25])
  }

  public func sample<Element: Scalar>(
    _ type: Element.Type, steps: Int, batch: Int, draw: SampleDraw
  ) throws(SequenceTaskError) -> TaskSample<Element> {
    try checkLength(steps, "the multiplication task")
    let pairs = MarkedPairs(steps: steps, batch: batch, draw: draw)
    return TaskSample(
      inputs: Element.array(pairs.inputs), values: Element.array(zip(pairs.first, pairs.second).map(*)))
  }
}
