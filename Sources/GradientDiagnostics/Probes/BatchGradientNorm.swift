import LinearAlgebra

/// Norms of a scaled batch of vectors: of the whole, and of each element.
///
///     ‖x‖² = Σ_b (norms[b] · 2^exponents[b])²
struct BatchGradientNorm {
  let batch: Int
  let norms: UnsafePointer<Double>
  let exponents: UnsafePointer<Int>

  /// Frobenius norm over the batch.
  var total: ScaledNumber {
    var sum = ScaledNumber.zero
    for b in 0..<batch { sum = sum + example(b) * example(b) }
    return sum.squareRoot()
  }

  /// Euclidean norm of one element.
  func example(_ b: Int) -> ScaledNumber {
    ScaledNumber(norms[b], exponent: exponents[b])
  }
}
