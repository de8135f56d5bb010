import LinearAlgebra

/// Norms of a scaled batch of vectors: of the whole, and of each element.
///
///     ‖x‖² = Σ_b squares[b] · 4^exponents[b]
struct BatchNorm {
  let batch: Int
  let squares: UnsafePointer<Double>
  let exponents: UnsafePointer<Int>

  /// Frobenius norm over the batch.
  var total: ScaledNumber {
    var sum = ScaledNumber.zero
    for b in 0..<batch { sum = sum + ScaledNumber(squares[b], exponent: 2 * exponents[b]) }
    return sum.squareRoot()
  }

  /// Euclidean norm of one element.
  func example(_ b: Int) -> ScaledNumber {
    ScaledNumber(squareRootOf: squares[b], exponent: exponents[b])
  }
}
