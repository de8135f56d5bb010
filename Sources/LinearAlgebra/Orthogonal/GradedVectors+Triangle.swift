import COpenBLAS

/// Rows of another matrix, which the reflections of a triangularisation are applied to as well.
struct ReflectedRows {
  /// [rows, width]; row i belongs to element i of the vectors.
  let base: UnsafeMutablePointer<Double>
  let width: Int
  /// Room for `width` numbers.
  let scratch: UnsafeMutablePointer<Double>
}

extension GradedVectors {
  /// Householder's QR decomposition with column pivoting, the vectors being the columns.
  ///
  ///     [w_1 … w_m] Π = Q R
  ///
  /// Column p of R is left in vector p, zeros below; the exponents stay with the vectors. The longest remainder comes
  /// next, so that R is graded. A remainder of at most `tolerance` times the reference length of its vector is a rounding
  /// error and becomes exactly 0.
  ///
  /// - Parameters:
  ///   - count: the first so many vectors.
  ///   - length: their first so many elements.
  ///   - rows: become Qᵀ times what they were.
  /// - Returns: the number of rows of R that are not 0.
  /// - Complexity: O(count² length), no allocation.
  /// - Note: Source: Drmač & Veselić, "New fast and accurate Jacobi SVD algorithm I", SIAM J. Matrix Anal. Appl. 29
  ///   (2008) 1322.
  func triangularise(
    count: Int, length: Int, tolerance: Double, reflecting rows: ReflectedRows? = nil
  ) -> Int {
    for p in 0..<min(count, length) {
      measureRemainders(from: p, count: count, length: length, tolerance: tolerance)
      var longest = p
      for j in p..<count where isLonger(j, than: longest) { longest = j }
      if squares.base[longest] == 0 { return p }
      pivots.base[p] = longest
      swap(p, longest, length: length)
      reflect(p, count: count, length: length, rows)
    }
    return min(count, length)
  }

  /// Squared lengths of what the first p reflections have left.
  private func measureRemainders(from p: Int, count: Int, length: Int, tolerance: Double) {
    for j in p..<count {
      let rest = vector(j) + p
      let square = Double.dot(length - p, rest, rest)
      let noise = tolerance * references.base[j]
      if square <= noise * noise {
        for i in 0..<length - p { rest[i] = 0 }
        squares.base[j] = 0
      } else {
        squares.base[j] = square
      }
    }
  }

  /// H = 1 − v vᵀ/β takes the rest of vector p to a multiple of the first axis; every later vector follows.
  private func reflect(_ p: Int, count: Int, length: Int, _ rows: ReflectedRows?) {
    let (pivot, v, n) = (vector(p) + p, reflector.base, length - p)
    let norm = squares.base[p].squareRoot()
    for i in 0..<n { v[i] = pivot[i] }
    // The sign that adds, not cancels.
    let image = v[0] > 0 ? -norm : norm
    v[0] -= image
    let beta = norm * v[0].magnitude
    pivot[0] = image
    for i in 1..<max(1, n) { pivot[i] = 0 }
    for j in p + 1..<max(p + 1, count) where squares.base[j] != 0 {
      let rest = vector(j) + p
      cblas_daxpy(Int32(n), -Double.dot(n, v, rest) / beta, v, 1, rest, 1)
    }
    guard let rows else { return }
    let (first, width) = (rows.base + p * rows.width, Int32(rows.width))
    cblas_dgemv(CblasRowMajor, CblasTrans, Int32(n), width, 1, first, width, v, 1, 0, rows.scratch, 1)
    cblas_dger(CblasRowMajor, Int32(n), width, -1 / beta, v, 1, rows.scratch, 1, first, width)
  }
}
