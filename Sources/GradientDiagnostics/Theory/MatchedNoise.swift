import LinearAlgebra

/// Standard normal noise over S sites, T steps and the four gates of an LSTM, with moments that match: over the
/// sites, the steps of each gate have mean 0, variance 1 and no correlation, exactly.
///
///     X = M⁻¹ Z,   Z [T+1, S] a row of ones and T of normal deviates,   Z Zᵀ / S = M Mᵀ
///
/// A process made of such noise has its covariance over the sites, not only on average: the error of what is
/// quadratic in it goes away, half of the whole.
///
/// Sendable, since nothing is written after it was made.
final class MatchedNoise: @unchecked Sendable {
  let steps, sites: Int
  /// X of gates i, f, g, o [4, T+1, S]; row 0 of each is ones.
  private let rows: AlignedBuffer<Double>
  /// What it takes in memory.
  var byteCount: Int { rows.count * MemoryLayout<Double>.stride }

  /// - Precondition: S ≥ 4 (T + 1), so that Z Zᵀ is far from singular.
  /// - Complexity: O(T²·S).
  init(steps: Int, sites: Int, seed: UInt64, replica: Int) {
    self.steps = steps
    self.sites = sites
    let count = (steps + 1) * sites
    rows = AlignedBuffer(uninitializedCount: 4 * count)
    for gate in 0..<4 {
      var stream = RandomStream(
        rootSeed: seed, trialSeed: UInt64(replica), purpose: .meanFieldNoise(gate: gate))
      let raw = [Double](repeating: 1, count: sites) + stream.normals(steps * sites)
      let whitening = Self.whitening(of: raw, rows: steps + 1, sites: sites)
      Double.multiply(m: steps + 1, n: sites, k: steps + 1, whitening, raw, into: rows.base + gate * count)
    }
  }

  /// M⁻¹.
  private static func whitening(of raw: [Double], rows: Int, sites: Int) -> [Double] {
    var gram = [Double](repeating: 0, count: rows * rows)
    Double.multiply(transposeB: true, m: rows, n: rows, k: sites, raw, raw, into: &gram)
    var cholesky = GrowingCholesky(capacity: rows)
    for t in 0..<rows { cholesky.append(gram[t * rows...t * rows + t].map { $0 / Double(sites) }) }
    return cholesky.inverse()
  }

  /// a [4, S] = Σ_k coefficients[k] · row k of each gate, with a coefficient of its own for the row of ones.
  ///
  /// - Complexity: O(S) a coefficient.
  func combine(
    means: [Double], coefficients: ArraySlice<Double>, into a: UnsafeMutablePointer<Double>
  ) {
    for gate in 0..<4 {
      Double.multiply(
        m: 1, n: sites, k: coefficients.count + 1, [means[gate]] + coefficients,
        rows.base + gate * (steps + 1) * sites, into: a + gate * sites)
    }
  }
}
