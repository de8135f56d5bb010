import COpenBLAS

extension ProductSingularValues {
  /// The k singular values of the product, descending; exact zeros where it has lost rank.
  ///
  /// - Complexity: O(n k²), about as much as ten to thirty steps; nothing when asked again.
  public mutating func singularValues() -> [ScaledNumber] {
    guard isFinite else { return Array(repeating: ScaledNumber(.nan), count: count) }
    if !isOrthonormal { return singularValues(rows: 0..<dimension) }
    diagonalise()
    return (0..<count).map { $0 < rank ? scaledDiagonal($0) : .zero }
  }

  /// The singular values of rows `rows` of the product [rows, k], descending: of one block of a Jacobian.
  ///
  ///     P[rows, :] = (Q[rows, :]) Σ Vᵀ
  ///
  /// Their relative error also has the condition number of Q[rows, :], whose columns are no longer orthonormal.
  ///
  /// - Returns: min(number of rows, k) values.
  /// - Precondition: `rows` lies within `0..<dimension`.
  /// - Complexity: O(n k²).
  public mutating func singularValues(rows: Range<Int>) -> [ScaledNumber] {
    precondition(
      rows.lowerBound >= 0 && rows.upperBound <= dimension,
      "rows \(rows) do not exist in dimension \(dimension)")
    let values = min(rows.count, count)
    guard isFinite else { return Array(repeating: ScaledNumber(.nan), count: values) }
    diagonalise()
    let (m, r) = (rows.count, rank)
    let block = GradedVectors(count: r, length: m)
    let largest =
      (0..<r).map { Double.largestMagnitude(m, vectors + $0 * dimension + rows.lowerBound) }.max() ?? 0
    for j in 0..<r {
      let (source, target, sigma) = (
        vectors + j * dimension + rows.lowerBound, block.vector(j), scaledDiagonal(j)
      )
      for i in 0..<m { target[i] = sigma.mantissa * source[i] }
      block.exponents.base[j] = sigma.exponent
      block.references.base[j] = sigma.mantissa * largest
    }
    // Vectors that are not orthonormal have lost no direction that they have not lost exactly.
    let noise = isOrthonormal ? Double(dimension) * Double.ulpOfOne : 0
    let blockRank = block.triangularise(count: r, length: m, tolerance: noise)
    let isSmall = { (p: Int) in
      // A third of the digits is gone.
      block.squares.base[p].squareRoot() < 0x1p-24 * block.references.base[p]
    }
    if blockRank < min(r, m) || (0..<blockRank).contains(where: isSmall) { hasDoubtfulBlock = true }
    columns.takeRows(of: block, rows: blockRank, columns: r)
    columns.orthogonalise(count: blockRank, length: r)
    return (0..<values).map { $0 < blockRank ? columns.norm($0) : .zero }
  }

  /// Entry j of D X once it is diagonal.
  private func scaledDiagonal(_ j: Int) -> ScaledNumber {
    ScaledNumber(mixing.base[j * count + j], exponent: exponents.base[j])
  }

  /// D X = U Σ Vᵀ: Q becomes Q U, D X becomes Σ.
  ///
  /// The rows of D X are triangularised, D X Z = L, and the columns of L rotated until they are U Σ.
  ///
  /// - Complexity: O(n k²), no allocation.
  mutating func diagonalise() {
    steps = 0
    if isDiagonal { return }
    isDiagonal = true
    let (k, r) = (count, rank)
    for i in 0..<r {
      graded.vector(i).update(from: mixing.base + i * k, count: k)
      graded.exponents.base[i] = exponents.base[i]
      graded.normalise(i, length: k)
    }
    // No row of X is a rounding error: dependent directions were left out step by step.
    rank = graded.triangularise(count: r, length: k, tolerance: 0)
    for p in 0..<rank {
      let other = graded.pivots.base[p]
      if other != p {
        cblas_dswap(Int32(dimension), vectors + p * dimension, 1, vectors + other * dimension, 1)
      }
    }
    columns.takeRows(of: graded, rows: rank, columns: r)
    columns.orthogonalise(count: rank, length: r)
    rotateFrame(from: r)
  }

  /// Q ← Q U, U the normalised columns, and the diagonal.
  private mutating func rotateFrame(from old: Int) {
    let (k, n) = (count, dimension)
    for i in 0..<old * k { mixing.base[i] = 0 }
    for j in 0..<rank {
      let (norm, column) = (columns.squares.base[j].squareRoot(), columns.vector(j))
      for l in 0..<old { column[l] /= norm }
      mixing.base[j * k + j] = norm
      exponents.base[j] = columns.exponents.base[j]
    }
    if rank == 0 { return }
    cblas_dgemm(
      CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(rank), Int32(n), Int32(old), 1, columns.elements.base,
      Int32(k), vectors, Int32(n), 0, rotatedVectors.base, Int32(n))
    vectors.update(from: rotatedVectors.base, count: rank * n)
    guard noise != nil else { return }
    let (first, rows) = (vectors, rank)
    for j in 0..<rows { noise?.disturbNorm(first + j * n, count: n) }
  }
}

extension GradedVectors {
  /// Vector i becomes row i of the upper triangle that `other`'s vectors are the columns of, with an exponent of its own.
  ///
  /// Elements that are more than the range of double below the largest of their row become 0: they are that small beside
  /// the one column they would act on.
  fileprivate func takeRows(of other: borrowing GradedVectors, rows: Int, columns: Int) {
    for i in 0..<rows {
      var largest = Int.min
      for l in i..<columns {
        let entry = other.vector(l)[i]
        if entry != 0, entry.isFinite {
          largest = max(largest, other.exponents.base[l] + Int(entry.exponent))
        }
      }
      let row = vector(i)
      for l in 0..<columns {
        let entry = l < i ? 0 : other.vector(l)[i]
        row[l] =
          entry == 0
          ? 0
          : !entry.isFinite || largest == .min
            ? .nan : entry * powerOfTwo(max(-2000, other.exponents.base[l] - largest))
      }
      exponents.base[i] = largest == .min ? 0 : largest
    }
  }
}
