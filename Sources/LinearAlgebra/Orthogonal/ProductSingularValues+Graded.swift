import COpenBLAS
import Foundation

// Maps in factors: diagonal ones of any grading, and others that are well conditioned.
extension ProductSingularValues {
  /// Takes a diagonal map into the product, P ← Δ P, however far its entries differ.
  ///
  ///     Δ Q D Π = L (D' T),   L unit lower triangular but for the order of its rows, D' T X the new D X
  ///
  /// Gaussian elimination with complete pivoting: pivots are chosen by their size in Δ Q D, and the arithmetic is that of Q
  /// alone, because an elimination is the same whatever its rows and columns are multiplied by. What a Δ from 1 to
  /// 1e−300 makes of the product is then right to a few rounding errors over the relevant minors of Q. A map that is
  /// handed over as a whole, A = B Δ, would have lost everything below 1e−16 of its largest column.
  ///
  /// The vectors become the columns of L: independent, not orthonormal. Follow with the next well conditioned map on
  /// ``vectors`` and ``absorbUnchanged()``.
  ///
  /// - Parameters:
  ///   - factors: Δ_i = factors[i] · 2^powers[i], factors of magnitude 0 or near 1 [n].
  /// - Complexity: O(n k²), no allocation.
  /// - Note: Source: Demmel, Gu, Eisenstat, Slapničar, Veselić & Drmač, "Computing the singular value decomposition with
  ///   high relative accuracy", Linear Algebra Appl. 299 (1999) 21.
  public mutating func scaleRows(_ factors: UnsafePointer<Double>, powers: UnsafePointer<Int>) {
    guard checkFinite() else { return }
    let old = rank
    frame.beginElimination(factors, powers: powers, of: old)
    rank = eliminate(columns: old)
    guard checkFinite() else { return }
    formEliminationTriangle(rows: rank, columns: old)
    multiplyMixing(columns: old)
    formLowerVectors()
    isOrthonormal = false
    isDiagonal = false
    guard checkFinite() else { return }
    noteStep()
  }

  /// Takes the map that ``vectors`` were multiplied by into the product and leaves them as they are but for powers of two:
  /// for a well conditioned map between two of ``scaleRows(_:powers:)``.
  ///
  /// - Complexity: O(n k), no allocation.
  public mutating func absorbUnchanged() {
    let (first, size) = (vectors, rank * dimension)
    noise?.disturb(first, count: size)
    guard checkFinite() else { return }
    frame.scale(first: rank)
    sortColumns()
    for l in 0..<rank { exponents.base[l] += frame.exponents.base[l] }
    while rank > 0 && frame.norms.base[rank - 1] == 0 { rank -= 1 }
    isOrthonormal = false
    isDiagonal = false
    steps += 1
    noteStep()
  }

  /// The elimination; returns the number of pivots. Columns and rows are left in the order of the pivots.
  private mutating func eliminate(columns: Int) -> Int {
    for s in 0..<min(columns, dimension) {
      guard let (row, column) = largest(from: s, columns: columns) else { return s }
      if column != s { swapColumns(s, column) }
      frame.exchangeRows(s, row, of: columns)
      frame.eliminate(s, of: columns)
    }
    return min(columns, dimension)
  }

  /// Where Δ Q D is largest from place s on; nil where nothing is left.
  private func largest(from s: Int, columns: Int) -> (row: Int, column: Int)? {
    var (best, found): (Int, (row: Int, column: Int)?) = (.min, nil)
    for j in s..<columns {
      guard let (row, size) = frame.largestRow(vectors + j * dimension, from: s) else { continue }
      if size + (exponents.base[j] << 32) > best {
        (best, found) = (size + (exponents.base[j] << 32), (row, j))
      }
    }
    return found
  }

  /// D' and T, of which row t holds what pivot t had in its row; T's other rows are 0.
  private func formEliminationTriangle(rows: Int, columns: Int) {
    let (k, n, rowPowers) = (count, dimension, frame.rowPowers.base)
    for t in 0..<columns {
      let row = triangle.base + t * k
      for j in 0..<columns { row[j] = 0 }
      if t >= rows { continue }
      let own = exponents.base[t] + rowPowers[t] + Int(vectors[t * n + t].exponent)
      for j in t..<columns {
        row[j] = scalbn(vectors[j * n + t], exponents.base[j] + rowPowers[t] - own)
      }
    }
    // The exponents of D are needed to the end.
    for t in 0..<rows { exponents.base[t] += rowPowers[t] + Int(vectors[t * n + t].exponent) }
  }

  /// L, whose entries have a magnitude of 1 and less.
  private mutating func formLowerVectors() {
    // With noise the bound itself, to see whether such an entry matters.
    let negligible = noise == nil ? (0, 0) : (0x1p-960, -0x1p-960)
    for p in 0..<rank { frame.formLowerVector(p, negligible: negligible) }
  }

  /// A product of its own with the same factors.
  public func copy() -> ProductSingularValues {
    var other = ProductSingularValues(dimension: dimension, axes: 0..<count)
    other.rank = rank
    other.vectors.update(from: vectors, count: count * dimension)
    other.exponents.base.update(from: exponents.base, count: count)
    other.mixing.base.update(from: mixing.base, count: count * count)
    other.isOrthonormal = isOrthonormal
    other.isDiagonal = false
    other.isFinite = isFinite
    other.frame.hasUnderflowed = hasUnderflowed
    other.noise = noise
    return other
  }
}
