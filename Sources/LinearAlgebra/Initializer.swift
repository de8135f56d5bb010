import COpenBLAS

/// How a square recurrent block is drawn before it is scaled to a spectral radius.
public enum Initializer: String, Sendable, CaseIterable, Codable {
  /// W_ij ~ N(0, 1/H).
  case gaussian
  /// Haar-distributed orthogonal matrix: QR of a Gaussian one with the signs of R's diagonal removed.
  case orthogonal
  /// The identity (Le, Jaitly & Hinton 2015).
  case identity
  /// U(−1/√H, 1/√H), PyTorch's default.
  case uniform

  /// A matrix as drawn, unscaled.
  ///
  /// - Throws: ``LinearAlgebraError/decompositionFailed(routine:rows:columns:info:)``.
  /// - Complexity: O(H²), O(H³) for `orthogonal`.
  /// - Note: Source of the sign rule: Mezzadri, Notices AMS 54 (2007) 592.
  public func draw(size: Int, from stream: inout RandomStream) throws(LinearAlgebraError) -> Matrix<Double> {
    let scale = 1 / Double(size).squareRoot()
    switch self {
    case .gaussian:
      return Matrix(
        rows: size, columns: size, values: stream.normals(size * size, standardDeviation: scale))
    case .uniform:
      return Matrix(
        rows: size, columns: size,
        values: (0..<size * size).map { _ in (2 * stream.uniform() - 1) * scale })
    case .identity:
      return .identity(size)
    case .orthogonal:
      return try orthogonalFactor(
        of: Matrix(rows: size, columns: size, values: stream.normals(size * size)))
    }
  }

  /// A matrix as drawn, with its spectral radius.
  public struct Draw: Sendable {
    /// Unscaled.
    public let matrix: Matrix<Double>
    /// Computed from its eigenvalues, not assumed: for a Gaussian matrix it exceeds 1 for long (1.046 ± 0.0025 at
    /// H = 128). That of an orthogonal matrix and of the identity is 1 by construction, which is exact where
    /// eigenvalues would add rounding.
    public let spectralRadius: Double

    /// The matrix scaled to a spectral radius.
    ///
    /// - Throws: ``LinearAlgebraError/zeroSpectralRadius(size:asked:)`` when the drawn matrix has radius 0.
    public func scaled(to radius: Double) throws(LinearAlgebraError) -> Matrix<Double> {
      guard spectralRadius > 0 else { throw .zeroSpectralRadius(size: matrix.rows, asked: radius) }
      return matrix.scaled(by: radius / spectralRadius)
    }
  }

  /// A matrix and its measured spectral radius.
  ///
  /// - Complexity: O(H³), but for `identity`.
  public func measuredDraw(
    size: Int, from stream: inout RandomStream
  ) throws(LinearAlgebraError) -> Draw {
    let matrix = try draw(size: size, from: &stream)
    switch self {
    case .orthogonal, .identity: return Draw(matrix: matrix, spectralRadius: 1)
    case .gaussian, .uniform:
      return Draw(matrix: matrix, spectralRadius: try matrix.spectralRadius())
    }
  }

  /// A matrix scaled so that its measured spectral radius is `spectralRadius`.
  ///
  /// - Throws: ``LinearAlgebraError/zeroSpectralRadius(size:asked:)`` when the drawn matrix has radius 0.
  public func draw(
    size: Int, spectralRadius: Double, from stream: inout RandomStream
  ) throws(LinearAlgebraError) -> Matrix<Double> {
    try measuredDraw(size: size, from: &stream).scaled(to: spectralRadius)
  }
}

/// Q of A = QR with diag R > 0 (LAPACK `dgeqrf`, `dorgqr`).
private func orthogonalFactor(of matrix: Matrix<Double>) throws(LinearAlgebraError) -> Matrix<Double> {
  let n = matrix.rows
  var a = matrix.values
  var tau = [Double](repeating: 0, count: n)
  let size = Int32(n)
  var info = LAPACKE_dgeqrf(LAPACK_ROW_MAJOR, size, size, &a, size, &tau)
  try matrix.check(info, of: "dgeqrf")
  let signs = (0..<n).map { a[$0 * n + $0] < 0 ? -1.0 : 1.0 }
  info = LAPACKE_dorgqr(LAPACK_ROW_MAJOR, size, size, size, &a, size, tau)
  try matrix.check(info, of: "dorgqr")
  for i in 0..<n {
    for j in 0..<n { a[i * n + j] *= signs[j] }
  }
  return Matrix(rows: n, columns: n, values: a)
}
