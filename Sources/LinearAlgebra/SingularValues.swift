import COpenBLAS
import Foundation

extension Matrix {
  /// Singular values in descending order (LAPACK `dgesdd`), in double precision; +∞ above its range.
  ///
  /// - Throws: ``LinearAlgebraError/decompositionFailed(routine:rows:columns:info:)``.
  /// - Complexity: O(rows · columns · min(rows, columns)).
  public func singularValues() throws(LinearAlgebraError) -> [Double] {
    if rows == 0 || columns == 0 { return [] }
    var (a, exponent) = try finiteEntries(for: "dgesdd")
    var singular = [Double](repeating: 0, count: min(rows, columns))
    // Column-major of the transpose: the same singular values.
    let info = LAPACKE_dgesdd(
      LAPACK_COL_MAJOR, CChar(UInt8(ascii: "N")), Int32(columns), Int32(rows), &a, Int32(columns),
      &singular, nil, 1, nil, 1)
    try check(info, of: "dgesdd")
    return exponent == 0 ? singular : singular.map { scalbn($0, exponent) }
  }

  /// √(Σ w²), without overflow or underflow.
  public func frobeniusNorm() -> Double { Element.euclideanNorm(values) }
}
