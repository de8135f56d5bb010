import LinearAlgebra

/// The state before the first step.
public struct InitialState<Element: Scalar>: Sendable, Equatable {
  /// h_0 [B, H].
  public var hidden: [Element]
  /// c_0 [B, H], for a cell with c; nil means zero.
  public var cell: [Element]?

  public init(hidden: [Element], cell: [Element]? = nil) {
    self.hidden = hidden
    self.cell = cell
  }
}
