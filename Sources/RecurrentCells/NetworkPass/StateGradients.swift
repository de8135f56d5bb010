import LinearAlgebra

/// ∂L/∂h and ∂L/∂c of states that one direction of a layer hands over: its final ones, as they come from what reads them
/// (a decoder, an attention, a classifier), or its initial ones, as it leaves them.
public struct StateGradients<Element: Scalar>: Sendable {
  /// ∂L/∂h [B, H]; nil: 0.
  public var hidden: ScaledRows<Element>?
  /// ∂L/∂c [B, H], of a cell with c; nil: 0.
  public var cell: FinalCellGradient<Element>?

  public init(hidden: ScaledRows<Element>? = nil, cell: FinalCellGradient<Element>? = nil) {
    self.hidden = hidden
    self.cell = cell
  }

  /// What a pass leaves of its initial states.
  @usableFromInline
  init(_ initial: InitialStateGradients<Element>) {
    self.init(
      hidden: ScaledRows(
        width: initial.width, values: initial.hidden, exponents: initial.hiddenExponents),
      cell: initial.finalCell)
  }
}
