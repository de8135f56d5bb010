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

  /// Before a walk whose segments have so many rows; those of a ragged one have all kinds of numbers.
  @usableFromInline
  func prepare(for count: Int, isRagged: Bool) {
    done = []
    if isRagged || product?.rows == count { return }
    product = (
      count, MatrixProduct(m: count, n: inputSize, k: weight.rows, accumulates: false)
    )
  }

  /// Takes a step whose γ [count, G·H] has an exponent for each component, from row `row` of the segment on, which comes
  /// after `before` rows.
  @usableFromInline
  func take(_ gamma: WideRowsView, row: Int, count: Int, after before: Int) {
    let wide = self.wide ?? WideProduct(weight, batch: batch)
    self.wide = wide
    wide.matrix.multiply(gamma, first: count, into: wide.result, accumulates: false)
    let first = before + row
    wide.result.store(
      into: rows.base + first * inputSize, exponents: powers.base + first, first: count)
    done.append(row..<row + count)
  }

  /// Takes all other rows γ [count, G·H] of a segment, row k times 2^exponents[k].
  @usableFromInline
  func take(
    _ gamma: UnsafePointer<Element>, exponents: UnsafePointer<Int>, count: Int, after before: Int
  ) {
    var end = count
    // Steps were taken from the last to the first.
    for step in done + [0..<0] {
      multiply(step.upperBound..<end, gamma, exponents, after: before)
      end = step.lowerBound
    }
    done.removeAll(keepingCapacity: true)
  }

  private func multiply(
    _ range: Range<Int>, _ gamma: UnsafePointer<Element>, _ exponents: UnsafePointer<Int>, after before: Int
  ) {
    if range.isEmpty { return }
    let (first, target) = (range.lowerBound, before + range.lowerBound)
    (powers.base + target).update(from: exponents + first, count: range.count)
    let (own, result) = (gamma + first * weight.rows, rows.base + target * inputSize)
    if let product, product.rows == range.count {
      product.product(own, weight.values, into: result)
    } else {
      Element.multiply(m: range.count, n: inputSize, k: weight.rows, own, weight.values, into: result)
    }
  }
}
