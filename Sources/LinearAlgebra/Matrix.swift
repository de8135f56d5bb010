import Foundation

/// A dense matrix, row-major: entry (i, j) is `values[i * columns + j]`.
public struct Matrix<Element: Scalar>: Sendable, Equatable {
  /// Number of rows.
  public let rows: Int
  /// Number of columns.
  public let columns: Int
  /// Entries, row after row.
  public var values: [Element]

  /// A matrix of zeros.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public init(rows: Int, columns: Int) {
    self.init(rows: rows, columns: columns, values: Array(repeating: 0, count: rows * columns))
  }

  /// - Precondition: `values.count == rows * columns`.
  public init(rows: Int, columns: Int, values: [Element]) {
    precondition(
      values.count == rows * columns,
      "a \(rows) × \(columns) matrix has \(rows * columns) entries, not \(values.count)")
    self.rows = rows
    self.columns = columns
    self.values = values
  }

  /// Entry (row, column).
  public subscript(row: Int, column: Int) -> Element {
    get { values[row * columns + column] }
    set { values[row * columns + column] = newValue }
  }

  /// The identity of the given size.
  public static func identity(_ size: Int) -> Matrix {
    var matrix = Matrix(rows: size, columns: size)
    for i in 0..<size { matrix[i, i] = 1 }
    return matrix
  }

  /// Rows `range` as a matrix of their own: a gate block of a stacked weight.
  public func rowBlock(_ range: Range<Int>) -> Matrix {
    Matrix(
      rows: range.count, columns: columns,
      values: Array(values[range.lowerBound * columns..<range.upperBound * columns]))
  }

  /// The same matrix in another precision, rounded to nearest.
  public func converted<Other: Scalar>(to type: Other.Type) -> Matrix<Other> {
    Matrix<Other>(rows: rows, columns: columns, values: Other.array(Element.doubles(values)))
  }

  /// Every entry times `factor`.
  public func scaled(by factor: Element) -> Matrix {
    Matrix(rows: rows, columns: columns, values: values.map { $0 * factor })
  }

  /// Entries as doubles with the largest magnitude near 1, and the power of two that they have to be multiplied by: for
  /// decompositions, whose sums and squares of entries beyond 2^±300 would leave the range. The exponent is 0, and the
  /// entries are as they are, for all others.
  func entriesInRange() -> (entries: [Double], exponent: Int) {
    let entries = Element.doubles(values)
    let largest = Double.largestMagnitude(entries.count, entries)
    guard largest.isFinite, largest != 0, !(-300...300).contains(Int(largest.exponent)) else {
      return (entries, 0)
    }
    let exponent = Int(largest.exponent)
    return (entries.map { scalbn($0, -exponent) }, exponent)
  }

  /// The same for a routine of LAPACK, which NaN and infinity might keep for ever.
  ///
  /// - Throws: ``LinearAlgebraError/decompositionFailed(routine:rows:columns:info:)`` where there is one.
  func finiteEntries(for routine: String) throws(LinearAlgebraError) -> (entries: [Double], exponent: Int) {
    let found = entriesInRange()
    try check(found.entries.allSatisfy(\.isFinite) ? 0 : -1, of: routine)
    return found
  }

  /// Throws unless LAPACK's `info` of this matrix is 0.
  func check(_ info: Int32, of routine: String) throws(LinearAlgebraError) {
    guard info == 0 else {
      throw .decompositionFailed(routine: routine, rows: rows, columns: columns, info: Int(info))
    }
  }
}
