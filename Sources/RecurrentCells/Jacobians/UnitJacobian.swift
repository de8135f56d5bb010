import LinearAlgebra

/// What one unit contributes to the Jacobian of a step, with each derivative over the largest of its row; see
/// ``JacobianFactors``.
///
///     ∂h_t = S_h (remainder …),   ∂c_t = S_c (remainder … + C c_{t−1}),   ∂h_t ← ∂h_t + q ∂c_t
public struct UnitJacobian {
  /// S_h: what the derivatives of h_t are over, but for those through c_t.
  public var hidden: WideNumber
  /// S_c: what those of c_t are over; 1 for a cell without c.
  public var cell = WideNumber(1)
  /// C: ∂c_t/∂c_{t−1} over S_c.
  public var carry = WideNumber(1)
  /// q = ∂h_t/∂c_t.
  public var output = WideNumber.zero

  public init(hidden: WideNumber) { self.hidden = hidden }
}

extension WideNumber {
  /// The largest of some in magnitude, 0 for none.
  static func largest(_ numbers: WideNumber...) -> WideNumber {
    numbers.reduce(.zero) { $1.exceeds($0) ? $1 : $0 }
  }

  /// The number over a scale that is at least as large; 0 where that is 0.
  func over(_ scale: WideNumber) -> WideNumber { scale.isZero ? .zero : self / scale }
}
