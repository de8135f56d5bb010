import COpenBLAS

/// Vectors with a power of two of their own each, so that their lengths may differ by any number of decades.
///
/// Vector j is `elements[j·length ..< (j + 1)·length]` times 2^exponents[j]. What is done with them here treats every
/// vector relative to its own length, as Householder's and Jacobi's methods allow.
struct GradedVectors: ~Copyable {
  let count: Int
  let length: Int
  let elements: AlignedBuffer<Double>
  let exponents: AlignedBuffer<Int>
  /// Squared norms of the elements, without the exponents.
  let squares: AlignedBuffer<Double>
  /// Lengths that rounding errors are measured by, without the exponents.
  let references: AlignedBuffer<Double>
  /// pivots[p]: the vector that changed places with vector p in step p of the triangularisation.
  let pivots: AlignedBuffer<Int>
  let reflector: AlignedBuffer<Double>

  init(count: Int, length: Int) {
    self.count = count
    self.length = length
    elements = AlignedBuffer(count: count * length)
    exponents = AlignedBuffer(count: count)
    squares = AlignedBuffer(count: count)
    references = AlignedBuffer(count: count)
    pivots = AlignedBuffer(count: count)
    reflector = AlignedBuffer(count: length)
  }

  /// Start of vector j.
  func vector(_ j: Int) -> UnsafeMutablePointer<Double> { elements.base + j * length }

  /// Length of vector j.
  func norm(_ j: Int) -> ScaledNumber {
    ScaledNumber(squareRootOf: squares.base[j], exponent: exponents.base[j])
  }

  /// Brings vector j to a norm in [1, 2), if it has one, and measures it.
  func normalise(_ j: Int, length: Int) {
    var (norm, unused) = (0.0, 0)
    _ = Double.renormaliseRows(
      count: 1, width: length, threshold: 0, sparing: false, vector(j), nil, exponents: exponents.base + j,
      norms: &norm, trueExponents: &unused)
    squares.base[j] = norm * norm
  }

  /// Whether vector j is longer than vector i.
  func isLonger(_ j: Int, than i: Int) -> Bool {
    let (a, b) = (squares.base[j], squares.base[i])
    if a == 0 || b == 0 { return a > b }
    // Both squares are within [2^−200, 8] or so: more than 110 powers of two apart they need no look.
    let shift = 2 * (exponents.base[i] - exponents.base[j])
    if shift.magnitude > 1000 { return shift < 0 }
    return a > b * powerOfTwo(shift)
  }

  /// Vectors i and j change places.
  func swap(_ i: Int, _ j: Int, length: Int) {
    if i == j { return }
    cblas_dswap(Int32(length), vector(i), 1, vector(j), 1)
    Swift.swap(&exponents.base[i], &exponents.base[j])
    Swift.swap(&squares.base[i], &squares.base[j])
    Swift.swap(&references.base[i], &references.base[j])
  }
}
