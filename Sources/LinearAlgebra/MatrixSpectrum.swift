import COpenBLAS
import Foundation

/// What one square weight block says of the linear recurrence it drives.
public struct MatrixSpectrum: Sendable, Equatable {
  /// ρ(W) = max |λ|.
  public let spectralRadius: Double
  /// Largest singular value σ_max = ‖W‖₂, the growth possible in one step.
  public let largestSingularValue: Double
  /// Smallest singular value.
  public let smallestSingularValue: Double
  /// ‖W‖_F.
  public let frobeniusNorm: Double
  /// Henrici's departure from normality √(‖W‖_F² − Σ|λ|²); 0 for a normal matrix.
  public let henriciDeparture: Double
  /// λ_max((W + Wᵀ)/2).
  public let numericalAbscissa: Double

  /// The departure comes from the real Schur form, whose part above the diagonal is what is not normal: the
  /// difference ‖W‖_F² − Σ|λ|² would lose half of the digits for a nearly normal matrix.
  ///
  /// - Throws: ``LinearAlgebraError/decompositionFailed(routine:rows:columns:info:)``.
  /// - Complexity: O(n³): one Schur form, one symmetric eigenvalue and one singular-value problem.
  /// - Note: Source: Trefethen & Embree, Spectra and Pseudospectra (2005).
  public init<Element: Scalar>(of matrix: Matrix<Element>) throws(LinearAlgebraError) {
    let (eigenvalues, departure) = try schur(matrix)
    let singular = try matrix.singularValues()
    spectralRadius = eigenvalues.map(\.magnitude).max() ?? 0
    largestSingularValue = singular.first ?? 0
    smallestSingularValue = singular.last ?? 0
    frobeniusNorm = matrix.frobeniusNorm()
    henriciDeparture = departure
    numericalAbscissa = try matrix.numericalAbscissa()
  }
}

/// Eigenvalues and departure from normality by the real Schur form (LAPACK `dgees`).
///
/// LAPACK leaves a complex pair as a block [[a, b], [c, a]] with bc < 0: its eigenvalues have
/// |λ|² = a² + |bc|, so the block departs from normality by (|b| − |c|)².
private func schur<Element: Scalar>(
  _ matrix: Matrix<Element>
) throws(LinearAlgebraError) -> (eigenvalues: [Eigenvalue], departure: Double) {
  let n = matrix.rows
  precondition(n == matrix.columns, "a spectrum needs a square matrix, not \(n) × \(matrix.columns)")
  try matrix.check(n > 0 ? 0 : -1, of: "dgees")
  var (t, exponent) = try matrix.finiteEntries(for: "dgees")
  var real = [Double](repeating: 0, count: n)
  var imaginary = real
  var sorted: Int32 = 0
  let info = LAPACKE_dgees(
    LAPACK_ROW_MAJOR, CChar(UInt8(ascii: "N")), CChar(UInt8(ascii: "N")), nil, Int32(n), &t,
    Int32(n), &sorted, &real, &imaginary, nil, Int32(n))
  try matrix.check(info, of: "dgees")
  var parts: [Double] = []
  for i in 0..<n {
    for j in i + 1..<max(n, i + 1) {
      let isPair = j == i + 1 && t[j * n + i] != 0
      parts.append(isPair ? t[i * n + j].magnitude - t[j * n + i].magnitude : t[i * n + j])
    }
  }
  return (
    zip(real, imaginary).map { Eigenvalue(real: $0, imaginary: $1).scaled(by: exponent) },
    scalbn(Double.euclideanNorm(parts), exponent)
  )
}
