import LinearAlgebra

/// The states of every layer and direction of a network before a step, or after one.
public struct NetworkState<Element: Scalar>: Sendable, Equatable {
  /// By layer, then by direction.
  public var layers: [[InitialState<Element>]]

  public init(layers: [[InitialState<Element>]]) { self.layers = layers }

  /// Of one layer, read forward.
  public init(_ state: InitialState<Element>) { self.init(layers: [[state]]) }
}
