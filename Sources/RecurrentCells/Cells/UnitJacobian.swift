import LinearAlgebra

/// What one unit contributes to the Jacobian of a step, with each derivative over the largest of its row; see
/// ``JacobianFactors``.
///
///     ∂h_t = S_h (remainder …),   ∂c_t = S_c (remainder … + C c_{t−1}),   ∂h_t ← ∂h_t + q ∂c_t
public struct UnitJacobian {
  /// S_h: what the derivatives of h_t are over, but for those through c_t.
  public var hidden: ScaledNumber
  /// S_c: what those of c_t are over; 1 for a cell without c.
  public var cell = ScaledNumber(1)
  /// C: ∂c_t/∂c_{t−1} over S_c.
  public var carry = ScaledNumber(1)
  /// q = ∂h_t/∂c_t.
  public var output = ScaledNumber.zero

  public init(hidden: ScaledNumber) { self.hidden = hidden }
}

extension ScaledNumber {
  /// The larger of two in magnitude.
  func larger(_ other: ScaledNumber) -> ScaledNumber { other.magnitude > magnitude ? other : self }

  /// The number over a scale that is at least as large; 0 where that is 0.
  func over(_ scale: ScaledNumber) -> ScaledNumber { scale.isZero ? .zero : self / scale }
}
