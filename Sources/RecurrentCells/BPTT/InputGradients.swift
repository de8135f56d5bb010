import LinearAlgebra

/// ∂L/∂x_t of a backward pass, which fills it: what a layer below takes as its own upstream gradient.
///
///     ∂L/∂x_t[b] = γ_t[b] W_ih = values[r, ·] · 2^exponents[r],   r the row of (t, b)
///
/// Rows are packed as ``SequenceLengths`` says. May be used for one pass after another of the same shape; for other
/// weights see ``load(_:)``.
///
/// - Complexity: 2·G·H·I operations a row, in one product for each segment; rows·I memory.
public final class InputGradients<Element: Scalar> {
  /// I.
  public let inputSize: Int
  /// Mantissas [rows, I].
  public private(set) var values: [Element]
  /// Powers of two [rows].
  public private(set) var exponents: [Int]
  private var weight: Matrix<Element>
  private let batch: Int
  /// For the segments of a pass of one length, and for any other number of rows.
  private var product: (rows: Int, product: MatrixProduct<Element>)?
  private lazy var parts = ProductInParts<Element>(
    rows: values.count / inputSize, n: inputSize, k: weight.rows, accumulates: false)
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
    values = Array(repeating: 0, count: shape.inputCount)
    exponents = Array(repeating: 0, count: shape.rowCount)
  }

  /// Takes other weights of the same shape.
  func load(_ parameters: RecurrentParameters<Element>) {
    weight = parameters.weightIH
    wide = nil
  }

  /// Before a walk whose segments have so many rows; those of a ragged one have all kinds of numbers.
  @usableFromInline
  func prepare(for count: Int, isRagged: Bool) {
    done = []
    if isRagged || product?.rows == count { return }
    product = (
      count, MatrixProduct(m: count, n: inputSize, k: weight.rows, accumulates: false)
    )
  }

  /// Takes a step whose γ [count, G·H] has an exponent for each component, from row `row` of the segment on, which
  /// comes after `before` rows.
  @usableFromInline
  func take(_ gamma: WideRowsView, row: Int, count: Int, after before: Int) {
    let wide = self.wide ?? WideProduct(weight, batch: batch)
    self.wide = wide
    wide.matrix.multiply(gamma, first: count, into: wide.result, accumulates: false)
    let first = before + row
    withRows(first) { wide.result.store(into: $0, exponents: $1, first: count) }
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
    let own = gamma + range.lowerBound * weight.rows
    let whole = product.flatMap { $0.rows == range.count ? $0.product : nil }
    let parts = whole == nil ? self.parts : nil
    withRows(before + range.lowerBound) { result, powers in
      powers.update(from: exponents + range.lowerBound, count: range.count)
      whole?(own, weight.values, into: result)
      parts?(rows: range.count, own, weight.values, into: result)
    }
  }

  /// The memory of the rows from `first` on.
  private func withRows(
    _ first: Int, _ write: (UnsafeMutablePointer<Element>, UnsafeMutablePointer<Int>) -> Void
  ) {
    values.withUnsafeMutableBufferPointer { values in
      exponents.withUnsafeMutableBufferPointer { powers in
        guard let values = values.baseAddress, let powers = powers.baseAddress else { return }
        write(values + first * inputSize, powers + first)
      }
    }
  }
}
