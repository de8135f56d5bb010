import LinearAlgebra

/// The forward half of the tied mean field of an LSTM: S sites, each a unit of an infinitely wide network, whose gate
/// preactivations are Gaussian processes with the covariance that the sites themselves give.
///
///     a_t = Σ_{t'≤t} L_tt' ξ_t' (+ b_f for gate f),   L Lᵀ = K,   K(t,t') = σ_w² E[h_{t−1} h_{t'−1}] + s² δ_tt'
///     c_t = f_t c_{t−1} + i_t g_t,   h_t = o_t tanh c_t,   c_0 = h_0 = 0
///
/// K(t, ·) needs states before t only, so that the sites move forward together, a row of K and of L a step. The same
/// W_hh at every step is what correlates a site's preactivations in time.
struct LSTMSites: ~Copyable {
  let steps, sites: Int
  /// h_0 … h_T [T+1, S].
  private let hidden: AlignedBuffer<Double>
  /// c_t and c_{t−1}, which take turns.
  private let cells: AlignedBuffer<Double>
  /// Preactivations of a step [4, S].
  private let currents: AlignedBuffer<Double>
  private let factorBlock: AlignedBuffer<Double>

  /// - Complexity: O(T²·S).
  init(recurrentScale: Double, inputScale: Double, forgetBias: Double, noise: MatchedNoise) {
    steps = noise.steps
    sites = noise.sites
    hidden = AlignedBuffer(count: (steps + 1) * sites)
    cells = AlignedBuffer(count: 2 * sites)
    currents = AlignedBuffer(uninitializedCount: 4 * sites)
    factorBlock = AlignedBuffer(uninitializedCount: 6 * steps * sites)
    let gain = recurrentScale * recurrentScale / Double(sites)
    var cholesky = GrowingCholesky(capacity: steps)
    for t in 1...steps {
      // K(t, t') for t' = 1 … t
      var covariances = (1...t).map { gain * Double.dot(sites, state(t - 1), state($0 - 1)) }
      covariances[t - 1] += inputScale * inputScale
      cholesky.append(covariances)
      noise.combine(
        means: [0, forgetBias, 0, 0], coefficients: cholesky.row(t - 1), into: currents.base)
      Double.lstmForward(
        batch: 1, hidden: sites, a: currents.base, previousCell: cells.base + (t - 1) % 2 * sites,
        cell: cells.base + t % 2 * sites, h: state(t), factors: factors(t))
    }
  }

  /// The six factors of the backward step at t = 1 … T, [6, S]; valid as long as the sites live.
  func factors(_ t: Int) -> UnsafeMutablePointer<Double> { factorBlock.base + 6 * (t - 1) * sites }

  private func state(_ t: Int) -> UnsafeMutablePointer<Double> { hidden.base + t * sites }
}
