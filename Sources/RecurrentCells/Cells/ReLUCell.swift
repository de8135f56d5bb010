import CNumericKernels
import LinearAlgebra

/// The RNN with rectified linear units.
///
///     h_t = max(a_t, 0),   γ_t = δ_t ⊙ 1[a_t > 0]      (slope 0 at 0, as PyTorch)
///
/// - Note: Source: Le, Jaitly & Hinton 2015 (arXiv 1504.00941); torch.nn.RNN with nonlinearity "relu".
public struct ReLUCell<Element: Scalar>: RecurrentCell {
  @inlinable public static var gates: [Gate] { [.preactivation] }
  @inlinable public static var factorCount: Int { 1 }
  @inlinable public static var losesFactors: Bool { false }
  public let parameters: RecurrentParameters<Element>

  @inlinable public init(parameters: RecurrentParameters<Element>) { self.parameters = parameters }

  // h_t = max(a_t, 0)
  @inlinable public func forward(_ step: ForwardStep<Element>) {
    Element.reluForward(
      step.batch * step.hiddenSize, step.current, h: step.hidden, derivative: step.factors)
  }

  // γ_t = δ_t ⊙ 1[a_t > 0]
  @inlinable public func backward(_ step: BackwardStep<Element>) {
    Element.elementwiseProduct(
      step.batch * step.hiddenSize, step.delta, step.factors, into: step.gamma)
  }

  // dh_t = 1[a_t > 0] ⊙ W_hh dh_{t−1}
  @inlinable public func tangent(_ step: TangentStep<Element>) {
    Element.elementwiseProduct(
      step.count * step.hiddenSize, step.current, step.factors, into: step.hidden)
  }

  // γ_t = δ_t ⊙ 1[a_t > 0]; the slope is 1 or exactly 0
  public static func wideBackward(factors: UnsafePointer<WideNumber>, _ unit: inout WideUnitGradient) {
    unit.gamma[0] = unit.delta * factors[0]
  }

  // dh_t = 1[a_t > 0] ⊙ W_hh dh_{t−1}
  public static func wideTangent(factors: UnsafePointer<WideNumber>, _ unit: inout WideUnitTangent) {
    unit.hidden = unit.current[0] * factors[0]
  }

  // S = 1[a_t > 0]
  public static func unitJacobian(
    _ factors: UnsafePointer<WideNumber>, remainder: UnsafeMutablePointer<WideNumber>
  ) -> UnitJacobian? {
    remainder[0] = WideNumber(1)
    return UnitJacobian(hidden: factors[0])
  }
}

// MARK: - Kernels

extension Scalar {
  /// h = max(a, 0) and its slope, 0 at 0.
  @inlinable
  public static func reluForward(
    _ n: Int, _ a: UnsafePointer<Self>, h: UnsafeMutablePointer<Self>, derivative: UnsafeMutablePointer<Self>
  ) {
    assert(areApart(written: region(n, h), region(n, derivative), read: region(n, a)))
    gf_relu_forward(element, Int32(n), a, h, derivative)
  }
}
