import COpenBLAS
import Foundation

/// One eigenvalue of a real matrix.
public struct Eigenvalue: Sendable, Equatable {
  /// Real and imaginary part.
  public var real, imaginary: Double
  /// |λ|, without overflow.
  public var magnitude: Double {
    let (large, small) = (max(real.magnitude, imaginary.magnitude), min(real.magnitude, imaginary.magnitude))
    if large == 0 { return 0 }
    let ratio = small / large
    return large * (1 + ratio * ratio).squareRoot()
  }

  /// The same times 2^exponent.
  func scaled(by exponent: Int) -> Eigenvalue {
    Eigenvalue(real: scalbn(real, exponent), imaginary: scalbn(imaginary, exponent))
  }
}

extension Matrix {
  /// All eigenvalues of a square matrix, in double precision (LAPACK `dgeev`).
  ///
  /// - Throws: ``LinearAlgebraError/decompositionFailed(routine:rows:columns:info:)``.
  /// - Complexity: O(n³).
  public func eigenvalues() throws(LinearAlgebraError) -> [Eigenvalue] {
    let (found, exponent) = try eigenvaluesInRange()
    return exponent == 0 ? found : found.map { $0.scaled(by: exponent) }
  }

  /// The same over a power of two.
  func eigenvaluesInRange() throws(LinearAlgebraError) -> ([Eigenvalue], exponent: Int) {
    precondition(rows == columns, "eigenvalues need a square matrix, not \(rows) × \(columns)")
    if rows == 0 { return ([], 0) }
    var (a, exponent) = try finiteEntries(for: "dgeev")
    let n = Int32(rows)
    var real = [Double](repeating: 0, count: rows)
    var imaginary = real
    // The transpose has the same eigenvalues: column-major order spares LAPACKE its copies.
    let info = LAPACKE_dgeev(
      LAPACK_COL_MAJOR, CChar(UInt8(ascii: "N")), CChar(UInt8(ascii: "N")), n, &a, n, &real, &imaginary,
      nil, 1, nil, 1)
    try check(info, of: "dgeev")
    return (zip(real, imaginary).map { Eigenvalue(real: $0, imaginary: $1) }, exponent)
  }

  /// Largest magnitude of an eigenvalue, ρ(W); +∞ above the range of double.
  public func spectralRadius() throws(LinearAlgebraError) -> Double {
    try scaledSpectralRadius().double
  }

  /// The same whatever its size.
  public func scaledSpectralRadius() throws(LinearAlgebraError) -> ScaledNumber {
    let (found, exponent) = try eigenvaluesInRange()
    return ScaledNumber(found.map(\.magnitude).max() ?? 0, exponent: exponent)
  }

  /// λ_max((W + Wᵀ)/2), the continuous-time notion of transient growth (LAPACK `dsyev`).
  public func numericalAbscissa() throws(LinearAlgebraError) -> Double {
    precondition(rows == columns, "the numerical abscissa needs a square matrix, not \(rows) × \(columns)")
    let (entries, exponent) = entriesInRange()
    var symmetric = [Double](repeating: 0, count: rows * rows)
    for i in 0..<rows {
      for j in 0..<rows { symmetric[i * rows + j] = (entries[i * rows + j] + entries[j * rows + i]) / 2 }
    }
    var eigenvalues = [Double](repeating: 0, count: rows)
    let n = Int32(rows)
    let info = LAPACKE_dsyev(
      LAPACK_COL_MAJOR, CChar(UInt8(ascii: "N")), CChar(UInt8(ascii: "U")), n, &symmetric, n, &eigenvalues)
    try check(info, of: "dsyev")
    return scalbn(eigenvalues.last ?? 0, exponent)
  }
}
