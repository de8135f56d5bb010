import LinearAlgebra

/// What the way back through a network returns beside what probes recorded.
public struct NetworkBackwardResult<Element: Scalar>: Sendable {
  /// L.
  public let loss: Double
  /// ∂L/∂parameters; with a step clip, what the clipped recursions give.
  public let gradients: NetworkGradients<Element>
  /// Of the norms that a step clip looked at in all layers, the share that exceeded its threshold.
  public let clippedFraction: Double

  public init(loss: Double, gradients: NetworkGradients<Element>, clippedFraction: Double) {
    self.loss = loss
    self.gradients = gradients
    self.clippedFraction = clippedFraction
  }
}
