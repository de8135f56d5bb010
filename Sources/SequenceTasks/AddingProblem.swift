/// The adding problem: the sum of the two values of a sequence that are marked.
///
///     x_t = (u_t, m_t),   u_t ~ U[0, 1),   m_p = m_q = 1, all other m_t = 0
///     target = u_p + u_q
///
/// with p uniform in [0, ⌊T/2⌋) and q in [⌊T/2⌋, T), steps counted from 0. Inputs [T, B, 2]; values [B, 1],
/// in [0, 2).
///
/// The best constant is the mean 1, with the variance of the sum as its loss: 2 · 1/12 = 1/6. The distance to
/// it, s = u_p + u_q − 1, has the density 1 − |s|. A sequence counts as right within ε = 0.04; the constant
/// is wrong in
///
///     P(|s| > ε) = (1 − ε)² = 0.9216
///
/// of them. That is ``chance(steps:)``; the last step, where it is marked, would be worth a little more.
///
/// - Note: Source: Hochreiter & Schmidhuber, Neural Computation 9 (1997) 1735, §5.4, which has the tolerance;
///   in the form of Le, Jaitly & Hinton 2015 (arXiv 1504.00941), §4.1, with a mark in each half as in
///   Arjovsky, Shah & Bengio, ICML 2016 (arXiv 1511.06464), §5.2.
public struct AddingProblem: MarkedPairRegression {
  public var name: String { "the adding task" }

  public init() {}

  public func chance(steps: Int) -> ChanceLevel {
    ChanceLevel(loss: 1 / 6, errorRate: 0.96 * 0.96, outputs: [1])
  }

  public func target(_ first: Double, _ second: Double) -> Double { first + second }
}
