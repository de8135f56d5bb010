import LinearAlgebra

/// ∂L/∂x_t of a backward pass, which fills it: what a layer below takes as its own upstream gradient.
///
///     ∂L/∂x_t[b] = γ_t[b] W_ih = values[r, ·] · 2^exponents[r],   r the row of (t, b)
///
/// Rows are packed as ``SequenceLengths`` says. May be used for one pass after another of the same shape and weights.
///
/// - Complexity: 2·G·H·I operations a row, in one product for each segment; rows·I memory.
public final class InputGradients<Element: Scalar> {
  /// I.
  public let inputSize: Int
  @usableFromInline let rows: AlignedBuffer<Element>
  @usableFromInline let powers: AlignedBuffer<Int>
  private let weight: Matrix<Element>
  private let batch: Int
  /// For the segments of a pass of one length; of others sizes differ.
  private var product: (rows: Int, product: MatrixProduct<Element>)?
  /// For steps whose γ has an exponent for each component; made when first needed.
  private var wide: WideProduct?
  /// Steps of the segment, counted from its first row, that are done: their γ has an exponent for each component.
  private var done: [Range<Int>] = []

  private final class WideProduct {
    let matrix: WideMatrix
    let result: WideRows

    init(_ weight: Matrix<Element>, batch: Int) {
      matrix = WideMatrix(
        Element.doubles(weight.values), rows: weight.rows, columns: weight.columns, count: batch)
      result = WideRows(count: batch, width: weight.columns)
    }
  }

  /// - Parameter parameters: those of the cell that the pass is of.
  public init(shape: SequenceShape, parameters: RecurrentParameters<Element>) {
    inputSize = shape.inputSize
    batch = shape.batch
    weight = parameters.weightIH
    rows = AlignedBuffer(count: shape.inputCount)
    powers = AlignedBuffer(count: shape.rowCount)
  }

  /// Mantissas [rows, I].
  public var values: [Element] { rows.array() }
  /// Powers of two [rows].
  public var exponents: [Int] { powers.array() }
}
