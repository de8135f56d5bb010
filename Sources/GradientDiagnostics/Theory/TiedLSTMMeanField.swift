import LinearAlgebra

/// Dynamic mean-field theory of gradients in an LSTM: what log10 ‖∂L/∂h_t‖ does in a wide one with random weights,
/// under a loss that reads h_T alone.
///
///     blocks of W_hh ~ N(0, σ_w²/H), independent;   Var(W_ih x_t) = s², x_t independent in time
///     biases 0 but b_f;   h_0 = c_0 = 0;   L = v · h_T,  v ~ N(0, 1) a unit
///
/// The weights are *tied*: the same at every step, so that gate preactivations, cells and δ are correlated in time.
/// The usual recursion with fresh weights at every step is a different network, whose gradients fall much faster: by
/// 2.3 decades over 50 steps at σ_w = s = 1, b_f = 0. See `LSTMSites` and `LSTMGradientCovariance` for the
/// equations; the averages over units are taken over simulated sites, from a fixed random stream.
///
/// Exact for H → ∞. At width H the mean over networks of ‖δ_t‖² agrees to a few hundredths of a decade for H ≥ 200;
/// the mean of log10 ‖δ_t‖ is lower, by what ‖δ_t‖ scatters from network to network. Haar-orthogonal blocks times σ_w
/// have the same limit; for W_hh rescaled to a spectral radius see
/// `Initializer.recurrentScales(spectralRadius:hiddenSize:)`. There is no such theory for the GRU here.
///
/// - Note: Sources: Sompolinsky, Crisanti & Sommers, PRL 61 (1988) 259 for the method; Can, Krishnamurthy & Schwab
///   2020 (arXiv 2002.00025) for gated cells; the two-way form is derived in `LSTMGradientCovariance`.
public struct TiedLSTMMeanField: Sendable, Equatable {
  /// log10 of the r.m.s. of ∂L/∂h_t, t = 0…T, relative to t = T; −∞ where it is exactly zero.
  public let log10Norms: [Double]
  /// Standard error of each, from the scatter of replicas.
  public let log10Errors: [Double]
  /// The line through ``log10Norms`` over lags 0…T−1, as that of ``StepGradients/decayRate``, in decades per step; nil
  /// where fewer than two are finite.
  public let decayRate: DecayRate?
  /// Standard error of the rate, from the scatter of replicas; NaN where there is no rate.
  public let rateError: Double

  /// - Parameters:
  ///   - recurrentScale: σ_w in [0, 1e100].
  ///   - inputScale: s in [0, 1e100], standard deviation of a unit's input current in each gate.
  ///   - forgetBias: b_f, finite.
  ///   - steps: T ≥ 1. For T > 200 take the rate of a shorter one.
  ///   - sites: S of a replica, ≥ 4(T+1). The bias of the result is of the order of 1/S, 0.01 decades at S = 4000; the
  ///     error grows with σ_w: 0.035 decades over 100 steps at σ_w = 4, below 0.012 at σ_w ≤ 2.
  ///   - replicas: ≥ 2 independent solutions, whose mean is the result.
  /// - Complexity: O(T²·S·replicas), 13·T·S numbers in memory; T = 100 takes 0.6 s on one core with one BLAS
  ///   thread (`BLASEnvironment.useOneThread()`), T = 200 3 s.
  public init(
    recurrentScale: Double, inputScale: Double, forgetBias: Double, steps: Int, sites: Int = 4000,
    replicas: Int = 8, seed: UInt64 = 0
  ) {
    self.init(
      recurrentScale: recurrentScale, inputScale: inputScale, forgetBias: forgetBias,
      noise: MeanFieldNoise(steps: steps, sites: sites, replicas: replicas, seed: seed))
  }

  /// The same from noise that other scales and biases share.
  public init(recurrentScale: Double, inputScale: Double, forgetBias: Double, noise: MeanFieldNoise) {
    for scale in [recurrentScale, inputScale] {
      precondition((0...1e100).contains(scale), "a scale is in 0 … 1e100, not \(scale)")
    }
    precondition(forgetBias.isFinite, "the forget bias is \(forgetBias)")
    let steps = noise.steps
    let solutions = noise.replicas.map { noise in
      withDenormalsFlushed {
        LSTMGradientCovariance(
          sites: LSTMSites(
            recurrentScale: recurrentScale, inputScale: inputScale, forgetBias: forgetBias, noise: noise)
        ).log10Norms(recurrentScale: recurrentScale)
      }
    }
    let moments = (0...steps).map { t in meanAndError(solutions.map { $0[t] }) }
    log10Norms = moments.map(\.mean)
    log10Errors = moments.map(\.error)
    decayRate = DecayRate(log10Norms: log10Norms.dropFirst().reversed())
    let rates = solutions.compactMap { DecayRate(log10Norms: $0.dropFirst().reversed())?.rate }
    rateError = rates.count == solutions.count ? meanAndError(rates).error : .nan
  }
}

/// The mean of replicas and its standard error; of infinite values, equal ones have error 0, others +∞.
private func meanAndError(_ values: [Double]) -> (mean: Double, error: Double) {
  let (mean, variance) = values.moments
  guard mean.isFinite else { return (mean, values.allSatisfy { $0 == mean } ? 0 : .infinity) }
  return (mean, (variance / Double(values.count)).squareRoot())
}
