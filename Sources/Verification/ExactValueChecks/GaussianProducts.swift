import Foundation
import GradientFlow

/// Lyapunov exponents of a product of independent Gaussian matrices of variance 1/N.
///
///     λ_i = ½ [ln(2/N) + ψ((N − i + 1)/2)],   s.e. ½ √(ψ₁((N − i + 1)/2)/T)
///
/// The QR factors are independent chi variables: there is no transient, and the error is exact too.
struct GaussianProducts: ExactValueSource {
  package let name = "Products of Gaussian matrices"
  package let source =
    "Newman, Commun. Math. Phys. 103 (1986) 121: λ_i = ½[ln(2/N) + ψ((N−i+1)/2)], s.e. ½√(ψ₁/T)"

  package func rows(_ effort: ExactValues.Effort) -> [ExactValueRow] {
    let (n, steps) = effort == .quick ? (8, 2000) : (32, 12_000)
    let measured = Self.exponents(n, steps: steps)
    let known = (1...n).map { i -> (exact: Double, error: Double) in
      let shape = Double(n - i + 1) / 2
      return (
        0.5 * (log(2 / Double(n)) + digamma(shape)), 0.5 * (trigamma(shape) / Double(steps)).squareRoot()
      )
    }
    let distances = zip(measured, known).map { (($0 - $1.exact) / $1.error).magnitude }
    let shown = Array(Set([1, 2, n / 4, n / 2, 3 * n / 4, n - 1, n])).sorted()
    let rows = shown.map { i in
      ExactValueRow(
        "λ_\(i) of \(n), \(steps) steps", exact: known[i - 1].exact, measured: measured[i - 1],
        .standardErrors(known[i - 1].error, limit: 4))
    }
    let worst = distances.contains(where: \.isNaN) ? .nan : distances.max() ?? .nan
    let share = Double(distances.count { $0 <= 2 }) / Double(n)
    // Of n independent normal deviates 95 % are within 2; three standard deviations fewer are allowed.
    let least = 0.9545 - 3 * (0.9545 * 0.0455 / Double(n)).squareRoot()
    return rows + [
      ExactValueRow("largest distance of all \(n), in s.e.", exact: 4, measured: worst, .atMost),
      ExactValueRow("share within 2 s.e.", exact: least, measured: share, .atLeast),
    ]
  }

  private static func exponents(_ n: Int, steps: Int) -> [Double] {
    var start = RandomStream(rootSeed: 1986, trialSeed: 1, purpose: .other(1))
    var draws = RandomStream(rootSeed: 1986, trialSeed: 2, purpose: .other(1))
    var frame = OrthonormalFrame(dimension: n, count: n, stream: &start)
    // The transpose of a Gaussian matrix is one.
    let product = MatrixProduct<Double>(m: n, n: n, k: n, accumulates: false)
    let image = AlignedBuffer<Double>(count: n * n)
    var sums = [Double](repeating: 0, count: n)
    for _ in 0..<steps {
      let map = draws.normals(n * n, standardDeviation: 1 / Double(n).squareRoot())
      product(frame.vectors, map, into: image.base)
      frame.vectors.update(from: image.base, count: n * n)
      frame.orthonormalise()
      for j in 0..<n { sums[j] += frame.logDiagonal(j) }
    }
    return sums.map { $0 / Double(steps) }
  }
}
