import CNumericKernels
import LinearAlgebra

/// The RNN with rectified linear units.
///
///     h_t = max(a_t, 0),   γ_t = δ_t ⊙ 1[a_t > 0]      (slope 0 at 0, as PyTorch)
///
/// - Note: Source: Le, Jaitly & Hinton 2015 (arXiv 1504.00941); torch.nn.RNN with nonlinearity "relu".
public struct ReLUCell<Element: Scalar>: PlainCell {
  @inlinable public static var losesFactors: Bool { false }
  public let parameters: RecurrentParameters<Element>

  @inlinable public init(parameters: RecurrentParameters<Element>) { self.parameters = parameters }

  // h_t = max(a_t, 0)
  @inlinable public func forward(_ step: ForwardStep<Element>) {
    Element.reluForward(
      step.batch * step.hiddenSize, step.current, h: step.hidden, derivative: step.factors)
  }
}

// MARK: - Kernels

extension Scalar {
  /// h = max(a, 0) and its slope, 0 at 0. NaN stays NaN.
  @inlinable
  public static func reluForward(
    _ n: Int, _ a: UnsafePointer<Self>, h: UnsafeMutablePointer<Self>, derivative: UnsafeMutablePointer<Self>
  ) {
    assert(areApart(written: region(n, h), region(n, derivative), read: region(n, a)))
    gf_relu_forward(element, Int32(n), a, h, derivative)
  }
}
