import LinearAlgebra

/// A plain RNN with one factor, the slope of its activation: what tanh and rectified units have in common.
///
///     h_t = φ(a_t),   γ_t = δ_t ⊙ φ'(a_t),   dh_t = φ'(a_t) ⊙ W_hh dh_{t−1}
///
/// A cell that conforms writes h_t and φ'(a_t) in ``RecurrentCell/forward(_:)``.
public protocol PlainCell: RecurrentCell {}

extension PlainCell {
  @inlinable public static var gates: [Gate] { [.preactivation] }
  @inlinable public static var factorCount: Int { 1 }

  // γ_t = δ_t ⊙ φ'(a_t)
  @inlinable public func backward(_ step: BackwardStep<Element>) {
    Element.elementwiseProduct(
      step.batch * step.hiddenSize, step.delta, step.factors, into: step.gamma)
  }

  // dh_t = φ'(a_t) ⊙ W_hh dh_{t−1}
  @inlinable public func tangent(_ step: TangentStep<Element>) {
    Element.elementwiseProduct(
      step.count * step.hiddenSize, step.current, step.factors, into: step.hidden)
  }

  // γ_t = δ_t ⊙ φ'(a_t)
  public static func wideBackward(factors: UnsafePointer<ScaledNumber>, _ unit: inout WideUnitGradient) {
    unit.gamma[0] = unit.delta * factors[0]
  }

  // dh_t = φ'(a_t) ⊙ W_hh dh_{t−1}
  public static func wideTangent(factors: UnsafePointer<ScaledNumber>, _ unit: inout WideUnitTangent) {
    unit.hidden = unit.current[0] * factors[0]
  }

  // S = φ'(a)
  public static func unitJacobian(
    _ factors: UnsafePointer<ScaledNumber>, remainder: UnsafeMutablePointer<ScaledNumber>
  ) -> UnitJacobian {
    remainder[0] = ScaledNumber(1)
    return UnitJacobian(hidden: factors[0])
  }
}
