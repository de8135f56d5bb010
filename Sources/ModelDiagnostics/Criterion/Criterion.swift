import LinearAlgebra

/// L of what a head gives, row by row: the mean of a term of each over the rows that count.
///
/// To add one: a file with its equation, and a case of `LossKind` with what its targets are.
public protocol Criterion: Sendable {
  /// As in captions.
  var name: String { get }
  /// Evaluates rows of outputs y, which become ∂L/∂y: row r of it is y[r] · 2^exponents[r].
  ///
  /// - Parameter rows: their numbers among all rows.
  /// - Returns: their part of L.
  func evaluate(rows: Range<Int>, y: inout [Double], exponents: inout [Int]) -> Double
}
