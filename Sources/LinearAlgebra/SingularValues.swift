import COpenBLAS

extension Matrix {
  /// Singular values in descending order (LAPACK `dgesdd`), in double precision.
  ///
  /// - Throws: ``LinearAlgebraError/decompositionFailed(routine:rows:columns:info:)``.
  /// - Complexity: O(rows · columns · min(rows, columns)).
  public func singularValues() throws(LinearAlgebraError) -> [Double] {
    if rows == 0 || columns == 0 { return [] }
    var a = values.map { Double($0) }
    guard a.allSatisfy(\.isFinite) else {
      throw .decompositionFailed(routine: "dgesdd", rows: rows, columns: columns, info: -1)
    }
    var singular = [Double](repeating: 0, count: min(rows, columns))
    // Column-major of the transpose: the same singular values.
    let info = LAPACKE_dgesdd(
      LAPACK_COL_MAJOR, CChar(UInt8(ascii: "N")), Int32(columns), Int32(rows), &a, Int32(columns),
      &singular, nil, 1, nil, 1)
    guard info == 0 else {
      throw .decompositionFailed(routine: "dgesdd", rows: rows, columns: columns, info: Int(info))
    }
    return singular
  }

  /// √(Σ w²), without overflow or underflow.
  public func frobeniusNorm() -> Double { euclideanNorm(values) }
}

/// √(Σ x²) with the entries scaled by the largest one, so that no square leaves the range.
public func euclideanNorm<Element: Scalar>(_ values: [Element]) -> Double {
  let largest = values.lazy.map { Double($0.magnitude) }.max() ?? 0
  guard largest > 0, largest.isFinite else { return largest }
  let scale = powerOfTwo(-Int(largest.exponent))
  var sum = 0.0
  for value in values {
    let x = Double(value) * scale
    sum += x * x
  }
  return sum.squareRoot() / scale
}
