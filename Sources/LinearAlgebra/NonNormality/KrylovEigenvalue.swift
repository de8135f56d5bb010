import COpenBLAS

/// The largest eigenvalue of a symmetric operator that is only applied, by Lanczos' method.
///
/// Approaches from below: every value is a Rayleigh quotient. A Hermitian operator on complex vectors, stored as pairs,
/// is a symmetric one on twice as many real numbers, with the same eigenvalues.
///
/// - Note: Source: Golub & Van Loan, Matrix Computations (4th ed.), §10.1. No reorthogonalisation: copies of the largest
///   value do no harm.
struct KrylovEigenvalue: ~Copyable {
  private let size: Int
  private let start, current, previous, image: AlignedBuffer<Double>
  private let diagonal, offDiagonal, scratch: AlignedBuffer<Double>
  private static let mostSteps = 100

  init(size: Int) {
    self.size = size
    start = AlignedBuffer(count: size)
    current = AlignedBuffer(count: size)
    previous = AlignedBuffer(count: size)
    image = AlignedBuffer(count: size)
    diagonal = AlignedBuffer(count: Self.mostSteps)
    offDiagonal = AlignedBuffer(count: Self.mostSteps)
    scratch = AlignedBuffer(count: 2 * Self.mostSteps)
    var stream = RandomStream(rootSeed: 0, trialSeed: 0, purpose: .other(0x4C61_6E63))
    let values = stream.normals(size)
    let norm = Double.euclideanNorm(values)
    for k in 0..<size { start.base[k] = values[k] / norm }
  }

  /// The value to within a relative change of `tolerance` from step to step.
  ///
  /// - Parameter apply: second vector = operator · first vector.
  /// - Complexity: usually 5 to 30 applications, at most 100.
  func value(
    tolerance: Double, _ apply: (UnsafePointer<Double>, UnsafeMutablePointer<Double>) -> Void
  ) -> Double {
    let (n, q, before, w) = (Int32(size), current.base, previous.base, image.base)
    for k in 0..<size { (q[k], before[k]) = (start.base[k], 0) }
    var (beta, value, calmSteps) = (0.0, 0.0, 0)
    for step in 0..<min(Self.mostSteps, size) {
      apply(q, w)
      let alpha = Double.dot(size, q, w)
      diagonal.base[step] = alpha
      cblas_daxpy(n, -alpha, q, 1, w, 1)
      cblas_daxpy(n, -beta, before, 1, w, 1)
      beta = Double.dot(size, w, w).squareRoot()
      offDiagonal.base[step] = beta
      let next = largestRitzValue(steps: step + 1)
      calmSteps = (next - value).magnitude <= tolerance * next.magnitude ? calmSteps + 1 : 0
      value = next
      if calmSteps == 2 || !(beta > 1e-14 * value.magnitude) { break }
      for k in 0..<size { (before[k], q[k]) = (q[k], w[k] / beta) }
    }
    return value
  }

  /// Largest eigenvalue of the tridiagonal matrix so far (LAPACK `dsterf`).
  private func largestRitzValue(steps: Int) -> Double {
    if steps == 1 { return diagonal.base[0] }
    let (d, e) = (scratch.base, scratch.base + Self.mostSteps)
    for k in 0..<steps { (d[k], e[k]) = (diagonal.base[k], offDiagonal.base[k]) }
    return LAPACKE_dsterf_work(Int32(steps), d, e) == 0 ? d[steps - 1] : .nan
  }
}
