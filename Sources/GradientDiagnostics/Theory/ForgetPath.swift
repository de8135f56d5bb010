import Foundation

/// The LSTM's reference line: how fast ∂L/∂c would fall if it passed through the forget gates alone.
///
///     ∂c_T/∂c_t = Π f_s,   rate E log10 f in decades per step   (below log10 E f)
///
/// It is no bound: with recurrent weights of any strength other paths carry more, and the full gradient falls more
/// slowly. Only for spectral radii ≲ 0.1 is it the answer.
public struct ForgetPath: Sendable, Equatable {
  /// Mean of log10 f over units, examples and steps; −∞ if a gate is 0.
  public let decadesPerStep: Double
  /// Mean of f.
  public let meanGate: Double

  /// - Parameter gates: f in [0, 1] of any units, examples and steps.
  /// - Returns: nil for no gates.
  /// - Complexity: O(n).
  public init?(gates: some Collection<Double>) {
    guard !gates.isEmpty else { return nil }
    let n = Double(gates.count)
    decadesPerStep = gates.reduce(0) { $0 + log10($1) } / n
    meanGate = gates.reduce(0, +) / n
  }

  /// A gate that is σ(b) at every step: no input, no recurrence.
  public init(forgetBias b: Double) {
    decadesPerStep = -Self.softplus(-b) / log(10)
    meanGate = 1 / (1 + exp(-b))
  }

  // MARK: - Time scales

  /// 1 / (1 − f): the memory, in steps, of a constant gate; +∞ for f = 1.
  public static func memory(gate f: Double) -> Double { 1 / (1 - f) }
  /// −1 / ln f: steps in which a state decays to 1/e through a constant gate; about ½ less than the memory.
  public static func eFolding(gate f: Double) -> Double { -1 / log(f) }
  /// 1 / (1 − σ(b)) = 1 + e^b.
  public static func memory(forgetBias b: Double) -> Double { 1 + exp(b) }
  /// −1 / ln σ(b) = 1 / ln(1 + e^{−b}).
  public static func eFolding(forgetBias b: Double) -> Double { 1 / softplus(-b) }

  /// The bias of chrono initialisation that gives a constant gate a memory of that many steps, b = ln(memory − 1).
  ///
  /// Drawing the memory uniformly from [2, T_max] is the initialisation for dependencies up to T_max; the input
  /// gate's bias is then −b.
  ///
  /// - Parameter memory: in steps, > 1.
  /// - Note: Source: Tallec & Ollivier, ICLR 2018 (arXiv 1804.11188).
  public static func chronoBias(memory: Double) -> Double { log(memory - 1) }

  /// ln(1 + e^x) without overflow.
  private static func softplus(_ x: Double) -> Double { max(x, 0) + log1p(exp(-x.magnitude)) }
}
