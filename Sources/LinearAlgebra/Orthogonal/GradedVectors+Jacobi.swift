extension GradedVectors {
  /// Rotates pairs of vectors until all are orthogonal: their lengths are then the singular values.
  ///
  /// For vectors x_i and r x_j, r = 2^(e_j − e_i) ≤ 1, with squares a, b and product g of the elements, the rotation by
  ///
  ///     t = r τ,   τ = sgn(ζ)/(|ζ| + √(r² + ζ²)),   ζ = (b r² − a)/(2 g)
  ///
  /// makes them orthogonal: x_i ← c (x_i − t r x_j), x_j ← c (x_j + τ x_i). Nothing here leaves the range where r does:
  /// then t and r are 0 and τ is −g/a, the projection.
  ///
  /// Lengths come out with a relative error of about ε times the condition number of the vectors scaled to length 1,
  /// whatever the lengths are; vectors end in descending order, with exact squares.
  ///
  /// - Parameters:
  ///   - count: the first so many vectors, none of them 0.
  ///   - length: their first so many elements.
  /// - Complexity: O(count² length) a sweep; 1 to 3 sweeps for graded vectors, 6 to 10 for others; no allocation.
  /// - Note: Sources: Demmel & Veselić, "Jacobi's method is more accurate than QR", SIAM J. Matrix Anal. Appl. 13 (1992)
  ///   1204; order of pairs: de Rijk, SIAM J. Sci. Stat. Comput. 10 (1989) 359.
  func orthogonalise(count: Int, length: Int) {
    for j in 0..<count { normalise(j, length: length) }
    let tolerance = Double.ulpOfOne * Double(max(length, 1)).squareRoot()
    // Convergence is quadratic; the bound is for NaN only.
    for _ in 0..<50 {
      var rotated = false
      for i in 0..<count {
        bringLongest(to: i, count: count, length: length)
        for j in i + 1..<max(i + 1, count) where rotate(i, j, length: length, tolerance: tolerance) {
          rotated = true
        }
      }
      for j in 0..<count { normalise(j, length: length) }
      if !rotated { break }
    }
    for i in 0..<count { bringLongest(to: i, count: count, length: length) }
  }

  private func bringLongest(to i: Int, count: Int, length: Int) {
    var longest = i
    for j in i..<count where isLonger(j, than: longest) { longest = j }
    swap(i, longest, length: length)
  }

  /// One rotation; false where the two are orthogonal already.
  private func rotate(_ i: Int, _ j: Int, length: Int, tolerance: Double) -> Bool {
    let (x, y) = (vector(i), vector(j))
    let (a, b) = (squares.base[i], squares.base[j])
    let g = Double.dot(length, x, y)
    guard g.magnitude > tolerance * (a * b).squareRoot() else { return false }
    // Earlier rotations of this round may have left the second one longer, by little.
    let r = powerOfTwo(min(exponents.base[j] - exponents.base[i], 400))
    let zeta = (b * r * r - a) / (2 * g)
    let tau = (zeta < 0 ? -1 : 1) / (zeta.magnitude + (r * r + zeta * zeta).squareRoot())
    let t = r * tau
    let c = 1 / (1 + t * t).squareRoot()
    combine(length, x, y, c, -c * t * r, c * tau, c)
    squares.base[i] = a - t * r * g
    squares.base[j] = b + tau * g
    // What cancels is measured again, and scaled.
    if squares.base[j] < 0.25 * b || squares.base[j] > 16 { normalise(j, length: length) }
    if squares.base[i] < 0.25 * a || squares.base[i] > 16 { normalise(i, length: length) }
    return true
  }
}

/// (x, y) ← (p x + q y, s x + u y).
private func combine(
  _ n: Int, _ x: UnsafeMutablePointer<Double>, _ y: UnsafeMutablePointer<Double>, _ p: Double, _ q: Double,
  _ s: Double, _ u: Double
) {
  for k in 0..<n {
    let (a, b) = (x[k], y[k])
    x[k] = p * a + q * b
    y[k] = s * a + u * b
  }
}
