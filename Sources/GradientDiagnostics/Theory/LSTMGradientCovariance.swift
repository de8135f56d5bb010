import Foundation
import LinearAlgebra

/// The backward half of the tied mean field of an LSTM: the covariance of δ = ∂L/∂h over an infinitely wide network.
///
///     P(t,u) = E δ_t δ_u,   P(T,T) = 1,   P(T,u) = 0 for u < T
///     P(t−1,u−1) = σ_w² Σ_gates E[γ_t γ_u]
///     κ_t = q_t δ_t + f_{t+1} κ_{t+1},   γ_t = κ_t times a factor of its gate (i, f, g),   δ_t times one (o)
///
/// δ is Gaussian and independent of the forward fields, and γ is linear in δ: along each site's path the mean over δ
/// is taken exactly, and what remains to be averaged over the sites are its forward paths.
///
///     E_δ[δ_t κ_u] = q_u P(t,u) + f_{u+1} E_δ[δ_t κ_{u+1}]
///     E_δ[κ_t κ_u] = q_t E_δ[δ_t κ_u] + f_{t+1} E_δ[κ_{t+1} κ_u]            (u ≥ t)
///
/// Gradients of step t are kept in units of 2^{e_t}, one exponent for δ_t and κ_t, so that no decay leaves the range.
struct LSTMGradientCovariance: ~Copyable {
  private let forward: LSTMSites
  private let zeros: AlignedBuffer<Double>
  /// E_δ[κ_t κ_u] of the step t last reached, u = 1 … T and zeros for T + 1, [T+1, S].
  private let kappas: AlignedBuffer<Double>
  /// E_δ[δ_t κ_u] of the pair last reached [S].
  private let cross: AlignedBuffer<Double>

  init(sites forward: consuming LSTMSites) {
    let (steps, sites) = (forward.steps, forward.sites)
    zeros = AlignedBuffer(count: sites)
    kappas = AlignedBuffer(count: (steps + 1) * sites)
    cross = AlignedBuffer(uninitializedCount: sites)
    self.forward = forward
  }

  /// log10 (E δ_t²)^½ for t = 0…T; −∞ for an exact zero.
  ///
  /// - Complexity: O(T²·S).
  consuming func log10Norms(recurrentScale: Double) -> [Double] {
    let steps = forward.steps
    let output = outputProducts()
    let gain = recurrentScale * recurrentScale
    // P(t, u), u ≥ t, in units of 2^{e_t + e_u}; e_{t+1} for e_t until the step has its own.
    var row = [Double](repeating: 0, count: steps) + [1]
    var exponent = 0
    // 2^{e_{t+1} − e_t}
    var scales = [Double](repeating: 1, count: steps + 1)
    var norms = [Double](repeating: 0, count: steps + 1)
    for t in (1...steps).reversed() {
      let drift = driftExponent(max(row[t], Double.largestMagnitude(forward.sites, kappa(t + 1))))
      if drift != 0 {
        exponent += drift
        scales[t] = scalbn(1, -drift)
        Double.scaleRows(count: 1, width: forward.sites, scale: [scales[t]], carry(t))
        row[t] *= scales[t]
        for u in t...steps { row[u] *= scales[t] }
      }
      cross.base.update(repeating: 0, count: forward.sites)
      for u in (t...steps).reversed() {
        let gates = sumOverSites(t, u, covariance: row[u]) / Double(forward.sites)
        // In place: P(t, u) has been used; what succeeds it is P(t−1, u−1) / σ_w².
        row[u] = gates + output[(t - 1) * steps + u - 1] * row[u]
      }
      // The last σ_w joins as a logarithm: its square may be too small for a number.
      norms[t - 1] =
        ScaledNumber(squareRootOf: max(row[t], 0), exponent: exponent).log10 + log10(recurrentScale)
      row = Array(repeating: 0, count: t - 1) + (t...steps).map { gain * row[$0] * scales[$0 - 1] } + [0]
    }
    return norms
  }

  /// Σ over sites of E_δ[γ_t γ_u], gates i, f and g; moves `cross` and `kappas` on to (t, u).
  private func sumOverSites(_ t: Int, _ u: Int, covariance: Double) -> Double {
    Double.lstmGradientCovariance(
      sites: forward.sites, covariance: covariance, factors: forward.factors(t), carry: carry(t),
      laterFactors: forward.factors(u), laterCarry: carry(u), later: kappa(max(u, t + 1)),
      cross: cross.base, into: kappa(u))
  }

  /// f_{t+1}, in units that turn those of κ_{t+1} into those of κ_t; 0 for t = T.
  private func carry(_ t: Int) -> UnsafeMutablePointer<Double> {
    t < forward.steps ? forward.factors(t + 1) + 5 * forward.sites : zeros.base
  }

  private func kappa(_ u: Int) -> UnsafeMutablePointer<Double> { kappas.base + (u - 1) * forward.sites }

  /// E[tanh c_t o'_t tanh c_u o'_u], [T, T]: what gate o makes of E δ_t δ_u.
  private func outputProducts() -> [Double] {
    let (steps, sites) = (forward.steps, forward.sites)
    var products = [Double](repeating: 0, count: steps * steps)
    let factors = forward.factors(1) + 4 * sites
    Double.multiply(
      transposeB: true, m: steps, n: steps, k: sites, factors, lda: 6 * sites, factors, ldb: 6 * sites,
      into: &products)
    return products.map { $0 / Double(sites) }
  }
}

/// Half of the exponent of a square that has drifted out of 2^±64; 0 while it has not.
private func driftExponent(_ square: Double) -> Int {
  guard square > 0, square.isFinite else { return 0 }
  let half = Int(square.exponent) / 2
  return half.magnitude > 32 ? half : 0
}
