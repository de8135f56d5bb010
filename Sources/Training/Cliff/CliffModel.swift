import Foundation

/// The one-unit network whose error has a wall: the example by which Pascanu shows why exploding gradients hurt, and why
/// clipping helps.
///
///     x_t = w σ(x_{t−1}) + b,   t = 1…50,   x_0 = 0.5,   E(w, b) = (σ(x_50) − 0.7)²
///
/// Where w is large the map has two stable fixed points; at the b where x_0 passes from the basin of one to that of
/// the other, x_50 jumps, and E with it.
///
/// - Note: Source: Pascanu, Mikolov & Bengio, ICML 2013 (arXiv 1211.5063), §2.3 and figure 6.
public struct CliffModel: Sendable, Hashable {
  /// T.
  public let steps: Int
  /// x_0.
  public let start: Double
  /// What σ(x_T) is to be.
  public let target: Double

  public init(steps: Int = 50, start: Double = 0.5, target: Double = 0.7) {
    self.steps = steps
    self.start = start
    self.target = target
  }

  /// E and its gradient.
  public struct Value: Sendable, Equatable {
    public let error: Double
    public let gradientW, gradientB: Double
    /// The step at which |∂E/∂x_t| is largest, 1…T.
    public let steepestStep: Int
    /// Whether all of them are finite numbers.
    public var isFinite: Bool { error.isFinite && gradientW.isFinite && gradientB.isFinite }
  }

  /// E(w, b).
  public func error(w: Double, b: Double) -> Double { value(w: w, b: b).error }

  /// E, ∂E/∂w and ∂E/∂b.
  ///
  ///     δ_50 = 2 (σ(x_50) − 0.7) σ'(x_50),   ∂E/∂w = Σ_t δ_t σ(x_{t−1}),   ∂E/∂b = Σ_t δ_t,   δ_{t−1} = δ_t w σ'(x_{t−1})
  ///
  /// - Complexity: O(T).
  public func value(w: Double, b: Double) -> Value {
    var x = [start]
    x.reserveCapacity(steps + 1)
    for t in 0..<steps { x.append(w * Self.sigmoid(x[t]) + b) }
    let last = Self.sigmoid(x[steps])
    var delta = 2 * (last - target) * Self.slope(x[steps])
    var (gradientW, gradientB) = (0.0, 0.0)
    var (steepest, largest) = (steps, -1.0)
    for t in (1...steps).reversed() {
      if delta.magnitude > largest { (steepest, largest) = (t, delta.magnitude) }
      gradientW += delta * Self.sigmoid(x[t - 1])
      gradientB += delta
      delta *= w * Self.slope(x[t - 1])
    }
    return Value(
      error: (last - target) * (last - target), gradientW: gradientW, gradientB: gradientB,
      steepestStep: steepest)
  }

  private static func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  /// σ'(x), exact near saturation.
  private static func slope(_ x: Double) -> Double {
    let e = exp(-x.magnitude)
    return e / ((1 + e) * (1 + e))
  }
}
