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
public struct TanhCell<Element: Scalar>: PlainCell {
  public let parameters: RecurrentParameters<Element>

  @inlinable public init(parameters: RecurrentParameters<Element>) { self.parameters = parameters }

  // h_t = tanh(a_t)
  @inlinable public func forward(_ step: ForwardStep<Element>) {
    Element.tanhForward(
      step.batch * step.hiddenSize, step.current, h: step.hidden, derivative: step.factors)
  }

  // tanh'(a)
  public static func wideFactors(of unit: WideUnit, into factors: UnsafeMutablePointer<ScaledNumber>) {
    factors[0] = .tanhDerivative(unit.current(0))
  }
}
