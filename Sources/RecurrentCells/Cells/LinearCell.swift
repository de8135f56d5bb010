import LinearAlgebra

/// The linear RNN, whose gradients have closed forms.
///
///     h_t = a_t,   γ_t = δ_t,   δ_{t−1} = d_{t−1} + δ_t W_hh
public struct LinearCell<Element: Scalar>: RecurrentCell {
  @inlinable public static var gates: [Gate] { [.preactivation] }
  @inlinable public static var factorCount: Int { 0 }
  @inlinable public static var losesFactors: Bool { false }
  public let parameters: RecurrentParameters<Element>

  @inlinable public init(parameters: RecurrentParameters<Element>) { self.parameters = parameters }

  // h_t = a_t
  @inlinable public func forward(_ step: ForwardStep<Element>) {
    step.hidden.update(from: step.current, count: step.batch * step.hiddenSize)
  }

  // γ_t = δ_t
  @inlinable public func backward(_ step: BackwardStep<Element>) {
    step.gamma.update(from: step.delta, count: step.batch * step.hiddenSize)
  }

  // dh_t = W_hh dh_{t−1}
  @inlinable public func tangent(_ step: TangentStep<Element>) {
    step.hidden.update(from: step.current, count: step.count * step.hiddenSize)
  }

  // γ_t = δ_t
  public static func wideBackward(factors: UnsafePointer<ScaledNumber>, _ unit: inout WideUnitGradient) {
    unit.gamma[0] = unit.delta
  }

  // dh_t = W_hh dh_{t−1}
  public static func wideTangent(factors: UnsafePointer<ScaledNumber>, _ unit: inout WideUnitTangent) {
    unit.hidden = unit.current[0]
  }

  // S = 1
  public static func unitJacobian(
    _ factors: UnsafePointer<ScaledNumber>, remainder: UnsafeMutablePointer<ScaledNumber>
  ) -> UnitJacobian { UnitJacobian(hidden: ScaledNumber(1)) }
}
