import LinearAlgebra

/// The whole gradient of a network: ∂L/∂parameter of every array, summed over all steps, in the order of
/// ``Network/arrays``.
public struct NetworkGradients<Element: Scalar>: Sendable, Equatable {
  /// One parameter's.
  public struct Entry: Sendable, Equatable {
    /// PyTorch's, as `weight_hh_l0`.
    public let name: String
    public var gradient: ScaledArray<Element>

    public init(name: String, gradient: ScaledArray<Element>) {
      self.name = name
      self.gradient = gradient
    }
  }

  public var entries: [Entry]

  public init(entries: [Entry]) { self.entries = entries }

  /// The gradient of a parameter; nil where there is none of the name.
  public subscript(name: String) -> ScaledArray<Element>? {
    entries.first { $0.name == name }?.gradient
  }

  /// √ of the sum of squares over all parameters.
  public var globalNorm: ScaledNumber { .euclideanNorm(entries.map { $0.gradient.norm }) }
}
