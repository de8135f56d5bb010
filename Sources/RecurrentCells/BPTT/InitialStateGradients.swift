import LinearAlgebra

/// ∂L/∂h_0 and ∂L/∂c_0 of every sequence of a backward pass, which fills it.
///
///     ∂L/∂h_0[b] = hidden[b, ·] · 2^hiddenExponents[b]
///
/// May be used for one pass after another of the same shape.
public final class InitialStateGradients<Element: Scalar> {
  /// B and H.
  public let batch, width: Int
  /// Mantissas [B, H]; of c empty for a cell without c.
  public internal(set) var hidden, cell: [Element]
  /// Powers of two [B].
  public internal(set) var hiddenExponents, cellExponents: [Int]
  /// Of the sequences whose components lie too far apart for one exponent: the components [H] of both.
  var wideHidden: [Int: [ScaledNumber]] = [:]
  var wideCell: [Int: [ScaledNumber]] = [:]

  public init(shape: SequenceShape, carriesCellState: Bool) {
    (batch, width) = (shape.batch, shape.hiddenSize)
    hidden = Array(repeating: 0, count: shape.stateCount)
    cell = carriesCellState ? hidden : []
    hiddenExponents = Array(repeating: 0, count: shape.batch)
    cellExponents = carriesCellState ? hiddenExponents : []
  }

  /// Unit k of ∂L/∂h_0[b].
  public func hidden(_ b: Int, _ k: Int) -> ScaledNumber {
    wideHidden[b]?[k] ?? ScaledNumber(Double(hidden[b * width + k]), exponent: hiddenExponents[b])
  }

  /// Unit k of ∂L/∂c_0[b]; of a cell with c.
  public func cell(_ b: Int, _ k: Int) -> ScaledNumber {
    wideCell[b]?[k] ?? ScaledNumber(Double(cell[b * width + k]), exponent: cellExponents[b])
  }

  /// Before a walk.
  @usableFromInline
  func prepare() {
    wideHidden = [:]
    wideCell = [:]
  }

  /// Takes the rows of an arrival that are initial states.
  @usableFromInline
  func take(_ arrival: GradientArrival<Element>) {
    for b in arrival.initial {
      Self.take(b, arrival.total, &hidden, &hiddenExponents, &wideHidden)
      if let initial = arrival.initialCell {
        Self.take(b, initial, &cell, &cellExponents, &wideCell)
      }
    }
  }

  private static func take(
    _ b: Int, _ rows: GradientRows<Element>, _ values: inout [Element], _ exponents: inout [Int],
    _ components: inout [Int: [ScaledNumber]]
  ) {
    for k in b * rows.width..<(b + 1) * rows.width { values[k] = rows.values[k] }
    exponents[b] = rows.exponents[b]
    if let wide = rows.wide { components[b] = (0..<rows.width).map { wide[b, $0] } }
  }

  /// What a pass whose final hidden states were these initial ones takes as its loss.
  public var upstream: UpstreamGradient<Element> {
    UpstreamGradient(values: hidden, exponents: hiddenExponents, placement: .finalStep)
  }

  /// What it takes at its final cell states; nil for a cell without c.
  public var finalCell: FinalCellGradient<Element>? {
    cell.isEmpty ? nil : FinalCellGradient(values: cell, exponents: cellExponents, batch: batch)
  }
}
