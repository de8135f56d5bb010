import COpenBLAS
import Foundation

// A map in factors: diagonal ones of any grading, and others that are well conditioned.
extension OrthonormalFrame {
  /// Takes a diagonal map in, whose entries may differ by any number of decades: row q_j becomes column j of L,
  ///
  ///     Δ Qᵀ = L U,   L unit lower triangular but for the order of its rows
  ///
  /// and ln |U_jj| is kept for ``logDiagonal(_:)`` of the next ``orthonormalise()``. Rows are exchanged, columns are not, so
  /// that the flag of the vectors stays as it is.
  ///
  /// - Parameters:
  ///   - factors: Δ_i = factors[i] · 2^powers[i], factors of magnitude 0 or near 1 [n].
  /// - Complexity: O(n k²), no allocation.
  /// - SeeAlso: ``ProductSingularValues/scaleRows(_:powers:)``.
  public mutating func scaleRows(_ factors: UnsafePointer<Double>, powers: UnsafePointer<Int>) {
    let n = dimension
    beginScaling()
    dropsDependent = false
    beginElimination(factors, powers: powers, of: count)
    for j in 0..<count {
      let vector = vectors + j * n
      if let (row, _) = largestRow(vector, from: j) {
        exchangeRows(j, row, of: count)
        pending.base[j] += log(vector[j].magnitude) + Double(rowPowers.base[j]) * 0x1.62e42fefa39efp-1
      } else {
        // Nothing is left of the direction: any other one takes its place.
        pending.base[j] = -.infinity
        for i in j..<n { vector[i] = i == j ? 1 : 0 }
      }
      eliminate(j, of: count)
    }
    for j in 0..<count { formLowerVector(j, negligible: (leastEntry, -leastEntry)) }
  }
}

// The elimination of a diagonal map, whose rows change places.
extension OrthonormalFrame {
  /// The rows in their own order, with Δ's powers of two aside and its factors in the first vectors.
  func beginElimination(
    _ factors: UnsafePointer<Double>, powers: UnsafePointer<Int>, of vectorCount: Int
  ) {
    let n = dimension
    for i in 0..<n {
      rowPowers.base[i] = powers[i]
      rowOrder.base[i] = i
    }
    for j in 0..<vectorCount {
      let vector = vectors + j * n
      for i in 0..<n { vector[i] *= factors[i] }
    }
  }

  /// The place from j on where Δ q is largest, and a number that grows as it does; nil where nothing is left.
  ///
  /// The bits of a positive double grow as the number does, with the exponent on top: a power of two is added to them.
  func largestRow(_ vector: UnsafePointer<Double>, from j: Int) -> (row: Int, size: Int)? {
    var (best, found) = (Int.min, -1)
    for i in j..<dimension {
      let bits = Int(vector[i].magnitude.bitPattern >> 20)
      let size = bits + (rowPowers.base[i] << 32)
      if bits != 0 && size > best { (best, found) = (size, i) }
    }
    return found < 0 ? nil : (found, best)
  }

  /// Takes multiples of vector s out of those after it, so that nothing of them is left at place s.
  func eliminate(_ s: Int, of vectorCount: Int) {
    let (n, pivot) = (dimension, vectors + s * dimension)
    for j in s + 1..<max(s + 1, vectorCount) {
      let vector = vectors + j * n
      let multiple = vector[s] / pivot[s]
      if multiple != 0 { cblas_daxpy(Int32(n - s - 1), -multiple, pivot + s + 1, 1, vector + s + 1, 1) }
    }
  }

  /// Rows a and b of the first vectors change places.
  func exchangeRows(_ a: Int, _ b: Int, of vectorCount: Int) {
    if a == b { return }
    swap(&rowPowers.base[a], &rowPowers.base[b])
    swap(&rowOrder.base[a], &rowOrder.base[b])
    cblas_dswap(Int32(vectorCount), vectors + a, Int32(dimension), vectors + b, Int32(dimension))
  }

  /// Vector p becomes column p of L in the order that rows had: Δ_i l_ip / Δ_p.
  ///
  /// - Parameter negligible: what stands for an entry below 2⁻⁹⁶⁰ of either sign.
  mutating func formLowerVector(_ p: Int, negligible: (positive: Double, negative: Double)) {
    let vector = vectors + p * dimension
    let pivot = vector[p]
    for i in 0..<dimension {
      var entry = i < p ? 0 : i == p ? 1 : scalbn(vector[i] / pivot, rowPowers.base[i] - rowPowers.base[p])
      if i > p, vector[i] != 0, entry.magnitude < 0x1p-960 {
        hasUnderflowed = true
        entry = entry < 0 ? negligible.negative : negligible.positive
      }
      scratch.base[rowOrder.base[i]] = entry
    }
    vector.update(from: scratch.base, count: dimension)
  }
}
