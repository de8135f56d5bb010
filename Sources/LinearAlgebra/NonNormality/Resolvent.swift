import COpenBLAS
import Foundation

/// ‖(z − W)⁻¹‖₂ of one matrix at many points z, from its complex Schur form.
///
/// W = U T U* costs O(n³) once; then a norm is the largest eigenvalue of (T − z)⁻¹ (T − z)⁻*, found from below by Lanczos'
/// method with two triangular solutions a step.
///
/// - Note: Source: Trefethen & Embree, Spectra and Pseudospectra (2005), ch. 39; Lui, SIAM J. Sci. Comput. 18 (1997) 565.
struct Resolvent: ~Copyable {
  private let size: Int
  /// T − z, column-major, and the diagonal of T.
  private let triangle: AlignedBuffer<complex_double>
  private let krylov: KrylovEigenvalue
  /// The eigenvalues, by falling magnitude.
  let eigenvalues: [Eigenvalue]
  private let diagonal: [complex_double]

  /// - Throws: ``LinearAlgebraError/decompositionFailed(routine:rows:columns:info:)``.
  init<Element: Scalar>(of matrix: Matrix<Element>) throws(LinearAlgebraError) {
    let n = matrix.rows
    size = n
    krylov = KrylovEigenvalue(size: 2 * n)
    triangle = AlignedBuffer(uninitializedCount: n * n)
    // Read by columns this is the transpose, whose resolvent has the same norm.
    for (k, value) in Element.doubles(matrix.values).enumerated() {
      triangle.base[k] = complex_double(real: value, imaginary: 0)
    }
    var values = [complex_double](repeating: complex_double(), count: n)
    var (sorted, unused): (Int32, complex_double) = (0, complex_double())
    let info = LAPACKE_zgees(
      LAPACK_COL_MAJOR, CChar(UInt8(ascii: "N")), CChar(UInt8(ascii: "N")), nil, Int32(n), triangle.base,
      Int32(n), &sorted, &values, &unused, 1)
    try matrix.check(info, of: "zgees")
    var kept: [complex_double] = []
    for i in 0..<n { kept.append(triangle.base[i * n + i]) }
    diagonal = kept
    eigenvalues = values.map { Eigenvalue(real: $0.real, imaginary: $0.imaginary) }
      .sorted { $0.magnitude > $1.magnitude }
  }

  /// The norm at z = radius · e^{i angle}; +∞ at an eigenvalue.
  ///
  /// - Complexity: O(n²), 5 to 30 times.
  func norm(radius: Double, angle: Double, tolerance: Double) -> Double {
    let (n, t) = (Int32(size), triangle.base)
    let (real, imaginary) = (radius * cos(angle), radius * sin(angle))
    for i in 0..<size {
      let shifted = complex_double(
        real: diagonal[i].real - real, imaginary: diagonal[i].imaginary - imaginary)
      if shifted.real == 0 && shifted.imaginary == 0 { return .infinity }
      t[i * size + i] = shifted
    }
    let square = krylov.value(tolerance: tolerance) { x, y in
      y.update(from: x, count: 2 * size)
      cblas_ztrsv(CblasColMajor, CblasUpper, CblasConjTrans, CblasNonUnit, n, t, n, y, 1)
      cblas_ztrsv(CblasColMajor, CblasUpper, CblasNoTrans, CblasNonUnit, n, t, n, y, 1)
    }
    return square.squareRoot()
  }
}
