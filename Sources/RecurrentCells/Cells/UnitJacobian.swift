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
  /// The larger of two in magnitude.
  func larger(_ other: WideNumber) -> WideNumber { other.exceeds(self) ? other : self }

  /// The number over a scale that is at least as large; 0 where that is 0.
  func over(_ scale: WideNumber) -> WideNumber { scale.isZero ? .zero : self / scale }
}
