import Foundation

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
public struct MultiplicationProblem: MarkedPairRegression {
  public var name: String { "the multiplication task" }

  public init() {}

  public func chance(steps: Int) -> ChanceLevel {
    func distribution(_ z: Double) -> Double { z - z * log(z) }
    return ChanceLevel(
      loss: 7 / 144, errorRate: 1 - distribution(0.29) + distribution(0.21), outputs: [0.25])
  }

  public func target(_ first: Double, _ second: Double) -> Double { first * second }
}
