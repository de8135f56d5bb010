/// The Cholesky factor of a covariance matrix that becomes known row by row.
///
///     K = L Lᵀ,   L lower triangular
///
/// A row that depends on those before it, to within rounding, has 0 on the diagonal: its process adds no noise of
/// its own. K may be zero altogether.
struct GrowingCholesky {
  /// L, row-major, `capacity` numbers a row.
  private(set) var factor: [Double]
  private(set) var size = 0
  let capacity: Int

  init(capacity: Int) {
    self.capacity = capacity
    factor = Array(repeating: 0, count: capacity * capacity)
  }

  /// L_{i,0…i}.
  func row(_ i: Int) -> ArraySlice<Double> { factor[i * capacity...i * capacity + i] }

  /// Adds the row K_{t,0…t}, t the present size.
  ///
  /// - Complexity: O(t²).
  mutating func append(_ covariances: [Double]) {
    let t = size
    precondition(t < capacity && covariances.count == t + 1, "row \(t) of a covariance has \(t + 1) entries")
    let start = t * capacity
    factor.withUnsafeMutableBufferPointer { l in
      var rest = covariances[t]
      for j in 0..<t {
        let other = j * capacity
        let pivot = l[other + j]
        if pivot == 0 { continue }
        var sum = covariances[j]
        for k in 0..<j { sum -= l[start + k] * l[other + k] }
        l[start + j] = sum / pivot
        rest -= l[start + j] * l[start + j]
      }
      // A difference of this size is what t roundings leave.
      l[start + t] = rest > 1e-14 * covariances[t] ? rest.squareRoot() : 0
    }
    size += 1
  }

  /// L⁻¹, row-major; every diagonal entry must be positive.
  ///
  /// - Complexity: O(n³).
  func inverse() -> [Double] {
    let n = size
    var inverse = [Double](repeating: 0, count: n * n)
    for i in 0..<n {
      let pivot = factor[i * capacity + i]
      precondition(pivot > 0, "a singular factor has no inverse")
      for k in 0..<i {
        let weight = factor[i * capacity + k]
        for j in 0...k { inverse[i * n + j] -= weight * inverse[k * n + j] }
      }
      for j in 0..<i { inverse[i * n + j] /= pivot }
      inverse[i * n + i] = 1 / pivot
    }
    return inverse
  }
}
