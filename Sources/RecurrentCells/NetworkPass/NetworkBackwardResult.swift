import LinearAlgebra

/// What the way back through a network returns beside what probes recorded.
public struct NetworkBackwardResult<Element: Scalar>: Sendable {
  /// L; NaN where gradients came from elsewhere without it.
  public let loss: Double
  /// ∂L/∂parameters; with a step clip, what the clipped recursions give.
  public let gradients: NetworkGradients<Element>
  /// Of the norms that a step clip looked at in all layers, the share that exceeded its threshold.
  public let clippedFraction: Double
  /// ∂L/∂x [rows, I], and of an encoder by what it reads; nil unless asked for.
  public var inputs, sourceInputs: ScaledRows<Element>?
  /// ∂L/∂h_0 and ∂L/∂c_0 by layer, then by direction; nil unless asked for, and of a network with an encoder.
  public var initialStates: [[StateGradients<Element>]]?

  public init(loss: Double, gradients: NetworkGradients<Element>, clippedFraction: Double) {
    self.loss = loss
    self.gradients = gradients
    self.clippedFraction = clippedFraction
  }
}
