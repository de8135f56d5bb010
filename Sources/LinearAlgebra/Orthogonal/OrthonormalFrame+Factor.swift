import COpenBLAS

extension OrthonormalFrame {
  /// Makes the rows orthonormal again and keeps R.
  ///
  ///     [A q_1 … A q_k] = Q R
  ///
  /// A row whose remainder, after the rows before it are taken out, is below n ε of what it was is numerically
  /// dependent on them: its R_jj is exactly 0 and its q_j any unit vector orthogonal to the others. So is a row of zeros.
  ///
  /// - Complexity: O(n k²) (LAPACK `dgeqrf`, `dorgqr`), no allocation.
  public mutating func orthonormalise() {
    beginScaling()
    isScaling = false
    scale(first: count)
    factorise(first: count)
  }

  /// Brings the first rows to a norm in [1, 2) by powers of two; sets `norms` and `exponents`.
  mutating func scale(first rows: Int) {
    for j in 0..<rows { exponents.base[j] = 0 }
    renormalise(0..<rows)
    for j in 0..<rows where norms.base[j] == .infinity || (norms.base[j] > 0 && norms.base[j] < 1) {
      // Elements that are finite though their norm is not, or denormal ones.
      let power = norms.base[j] == .infinity ? 64 : -64
      for i in 0..<dimension { vectors[j * dimension + i] *= powerOfTwo(-power) }
      exponents.base[j] += power
      renormalise(j..<j + 1)
    }
  }

  private func renormalise(_ rows: Range<Int>) {
    let first = rows.lowerBound
    _ = Double.renormaliseRows(
      count: rows.count, width: dimension, threshold: 0, sparing: false, vectors + first * dimension, nil,
      exponents: exponents.base + first, norms: norms.base + first, trueExponents: trueExponents.base)
  }

  /// The QR decomposition of the first rows, scaled before.
  mutating func factorise(first rows: Int) {
    if rows == 0 { return }
    let (n, k) = (Int32(dimension), Int32(rows))
    coordinates.arrange(vectors, rows: rows)
    if coordinates.isReordered { coordinates.apply(vectors, rows: rows) }
    LAPACKE_dgeqrf_work(
      LAPACK_COL_MAJOR, n, k, vectors, n, reflectorFactors.base, workspace.base, Int32(workspace.count))
    keepTriangle(rows)
    LAPACKE_dorgqr_work(
      LAPACK_COL_MAJOR, n, k, k, vectors, n, reflectorFactors.base, workspace.base, Int32(workspace.count))
    if coordinates.isReordered { coordinates.undo(vectors, rows: rows) }
    makeDiagonalPositive(rows)
    dropDependent(rows)
  }

  /// R leaves the memory that Q will take.
  private func keepTriangle(_ rows: Int) {
    for j in 0..<rows {
      let (column, kept) = (vectors + j * dimension, factor.base + j * count)
      for i in 0...j { kept[i] = column[i] }
    }
  }

  /// R_jj ≥ 0: where it is negative, row j of R and q_j change their sign.
  private func makeDiagonalPositive(_ rows: Int) {
    for j in 0..<rows where factor.base[j * count + j] < 0 {
      for l in j..<rows { factor.base[l * count + j].negate() }
      let vector = vectors + j * dimension
      for i in 0..<dimension { vector[i].negate() }
    }
  }

  /// Remainders that are rounding errors become exact zeros.
  private mutating func dropDependent(_ rows: Int) {
    let noise = Double(dimension) * Double.ulpOfOne
    var least = 1.0
    for j in 0..<rows {
      let entry = factor.base + j * count + j
      // A remainder has only the coordinates from j on; where these are small, so is their rounding.
      let length = min(norms.base[j], coordinates.remainderSize(from: j))
      if length > 0 { least = min(least, entry.pointee / length) }
      let rounding = dropsDependent ? noise * length : 0
      if entry.pointee <= max(rounding, .leastNormalMagnitude) { entry.pointee = 0 }
    }
    uncertainty += 4 * .ulpOfOne / least
  }
}
