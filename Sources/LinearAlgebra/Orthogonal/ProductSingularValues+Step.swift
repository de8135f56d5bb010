import COpenBLAS
import Foundation

// What one map does to Q, D and X.
extension ProductSingularValues {
  /// Brings the columns of A Q D into descending order, as far as they differ by more than a factor of two.
  func sortColumns() {
    for j in 0..<rank {
      let norm = frame.norms.base[j]
      lengths.base[j] =
        norm == 0 ? -.infinity : log2(norm) + Double(exponents.base[j] + frame.exponents.base[j])
    }
    for j in 1..<max(1, rank) {
      var i = j
      while i > 0 && lengths.base[i] > lengths.base[i - 1] + 1 {
        swapColumns(i, i - 1)
        i -= 1
      }
    }
  }

  func swapColumns(_ i: Int, _ j: Int) {
    swap(&lengths.base[i], &lengths.base[j])
    swap(&frame.norms.base[i], &frame.norms.base[j])
    swap(&frame.exponents.base[i], &frame.exponents.base[j])
    cblas_dswap(Int32(dimension), vectors + i * dimension, 1, vectors + j * dimension, 1)
    swapMixing(i, j)
  }

  private func swapMixing(_ i: Int, _ j: Int) {
    swap(&exponents.base[i], &exponents.base[j])
    cblas_dswap(Int32(count), mixing.base + i * count, 1, mixing.base + j * count, 1)
  }

  /// Where R has exact zeros on its diagonal, another triangle with all of them in the last rows.
  ///
  /// - Complexity: O(n k²).
  mutating func revealRank() {
    for l in 0..<rank {
      let column = graded.vector(l)
      for i in 0..<rank { column[i] = i <= l ? frame.factor.base[l * count + i] : 0 }
      graded.exponents.base[l] = exponents.base[l]
      graded.references.base[l] = frame.norms.base[l]
    }
    let rows = graded.triangularise(
      count: rank, length: rank, tolerance: Double(dimension) * Double.ulpOfOne,
      reflecting: ReflectedRows(base: vectors, width: dimension, scratch: frame.scratch.base))
    for p in 0..<rows where graded.pivots.base[p] != p { swapMixing(p, graded.pivots.base[p]) }
    formTriangle(rows: rows, columns: rank, graded.elements.base)
    rank = rows
  }

  /// D' and T = D'⁻¹ R D, whose diagonal is within [1, 2) but for its signs; T's other rows are 0.
  ///
  /// - Parameter factor: column l of R over D's exponent, from `factor[l · k]` on.
  func formTriangle(rows: Int, columns: Int, _ factor: UnsafePointer<Double>) {
    let k = count
    for i in 0..<columns {
      let row = triangle.base + i * k
      for l in 0..<columns { row[l] = 0 }
      if i >= rows { continue }
      // In two factors: what is small because the whole row is small may need all of the range.
      let shift = Int(factor[i * k + i].exponent)
      let scale = powerOfTwo(-shift)
      for l in i..<columns {
        row[l] = factor[l * k + i] * scale * powerOfTwo(exponents.base[l] - exponents.base[i])
      }
      exponents.base[i] += shift
    }
  }

  /// X ← T X, T with so many columns.
  func multiplyMixing(columns: Int) {
    let k = Int32(count)
    cblas_dtrmm(
      CblasRowMajor, CblasLeft, CblasUpper, CblasNoTrans, CblasNonUnit, Int32(columns), k, 1, triangle.base,
      k,
      mixing.base, k)
  }
}
