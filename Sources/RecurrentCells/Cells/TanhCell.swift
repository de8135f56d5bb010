import LinearAlgebra

/// The tanh RNN of Elman.
///
///     a_t = W_ih x_t + b_ih + W_hh h_{t−1} + b_hh,   h_t = tanh(a_t)
///     γ_t = δ_t ⊙ (1 − h_t²),                        δ_{t−1} = d_{t−1} + γ_t W_hh
///
/// The factor on the tape is 1 − tanh²(a_t) = 4 e^{−2|a|} / (1 + e^{−2|a|})², from the preactivation: from h_t it
/// would lose every digit near saturation.
///
/// - Note: Source: Elman, Cognitive Science 14 (1990) 179; torch.nn.RNN.
public struct TanhCell<Element: Scalar>: RecurrentCell {
  @inlinable public static var gates: [Gate] { [.preactivation] }
  @inlinable public static var factorCount: Int { 1 }
  public let parameters: RecurrentParameters<Element>

  @inlinable public init(parameters: RecurrentParameters<Element>) { self.parameters = parameters }

  // h_t = tanh(a_t)
  @inlinable public func forward(_ step: ForwardStep<Element>) {
    Element.tanhForward(
      step.batch * step.hiddenSize, step.current, h: step.hidden, derivative: step.factors)
  }

  // γ_t = δ_t ⊙ tanh'(a_t)
  @inlinable public func backward(_ step: BackwardStep<Element>) {
    Element.elementwiseProduct(
      step.batch * step.hiddenSize, step.delta, step.factors, into: step.gamma)
  }

  // dh_t = tanh'(a_t) ⊙ W_hh dh_{t−1}
  @inlinable public func tangent(_ step: TangentStep<Element>) {
    Element.elementwiseProduct(
      step.count * step.hiddenSize, step.current, step.factors, into: step.hidden)
  }

  // tanh'(a)
  public static func wideFactors(of unit: WideUnit, into factors: UnsafeMutablePointer<WideNumber>) {
    factors[0] = .tanhDerivative(unit.current(0))
  }

  // γ_t = δ_t ⊙ tanh'(a_t)
  public static func wideBackward(factors: UnsafePointer<WideNumber>, _ unit: inout WideUnitGradient) {
    unit.gamma[0] = unit.delta * factors[0]
  }

  // dh_t = tanh'(a_t) ⊙ W_hh dh_{t−1}
  public static func wideTangent(factors: UnsafePointer<WideNumber>, _ unit: inout WideUnitTangent) {
    unit.hidden = unit.current[0] * factors[0]
  }

  // S = tanh'(a)
  public static func unitJacobian(
    _ factors: UnsafePointer<WideNumber>, remainder: UnsafeMutablePointer<WideNumber>
  ) -> UnitJacobian? {
    remainder[0] = WideNumber(1)
    return UnitJacobian(hidden: factors[0])
  }
}
