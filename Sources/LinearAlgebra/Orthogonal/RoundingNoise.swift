/// Random errors of the size of rounding errors, to see what those do to a result.
///
/// A result of two computations, one of them with noise a few times as large as its rounding errors, is as good as the two
/// agree: however badly conditioned the problem is, noise and rounding go through the same amplification.
///
/// - Note: Source: Vignes, "A stochastic arithmetic for reliable scientific computation", Math. Comput. Simul. 35 (1993)
///   233.
public struct RoundingNoise: Sendable {
  /// The standard deviation of an error relative to what it is an error of.
  public let size: Double
  private var stream: RandomStream

  /// - Parameter size: 16 ulp if nothing is said.
  public init(size: Double = 16 * Double.ulpOfOne, stream: RandomStream) {
    self.size = size
    self.stream = stream
  }

  /// A number with a deviation of ``size``, uniform.
  public mutating func next() -> Double { size * 1.7320508 * (2 * stream.uniform() - 1) }

  /// x_k ← x_k (1 + error).
  public mutating func disturb(_ x: UnsafeMutablePointer<Double>, count: Int) {
    for k in 0..<count where x[k] != 0 { x[k] *= 1 + next() }
  }

  /// x_k ← x_k + error · ‖x‖ where x_k is not zero: what an orthogonal transformation does.
  public mutating func disturbNorm(_ x: UnsafeMutablePointer<Double>, count: Int) {
    let norm = Double.dot(count, x, x).squareRoot()
    for k in 0..<count where x[k] != 0 { x[k] += next() * norm }
  }
}
