import GradientDiagnostics

/// What units of untrained networks keep of a text: the least that a trained one must exceed.
///
/// A network that nobody trained echoes the characters it has just read, and whatever follows from these. So networks of the
/// same shape are drawn, K of them, and with M_kf = max_u r² of network k and feature f over its units, k = 0 being the
/// network that is looked at, on the same text,
///
///     q_f = median_k M_kf over k = 0…K,   T_k = max_f M_kf / q_f
///
/// a pair is above untrained networks if r² / q_f exceeds every T_k, k ≥ 1. If the network looked at is itself untrained,
/// any of its pairs is above with a probability of 1 / (K + 1) at most, for all units and features together.
///
/// - Note: Source: Westfall & Young, "Resampling-based multiple testing" (1993), section 2.3.
public struct UntrainedLevels: Sendable, Equatable {
  /// q_f, by feature.
  public let levels: [Double]
  /// T_k of the untrained networks, ascending.
  public let ratios: [Double]

  /// - Parameters:
  ///   - own: M_0f of the network that is looked at.
  ///   - others: M_kf of the untrained ones, at least one.
  public init(own: [Double], others: [[Double]]) {
    let levels = own.indices.map { f in quantile([own[f]] + others.map { $0[f] }, 0.5) ?? 0 }
    self.levels = levels
    ratios = others.map { row in
      zip(row, levels).reduce(0) { max($0, $1.0 == 0 ? 0 : $1.0 / $1.1) }
    }.sorted()
  }

  /// r² that a unit must exceed on the text that the untrained networks have read, of a feature by index.
  public func threshold(feature: Int) -> Double { levels[feature] * (ratios.last ?? .infinity) }

  /// The probability that an untrained network has a pair like this, corrected for all pairs.
  public func probability(rSquared: Double, feature: Int) -> Double {
    let ratio = rSquared == 0 ? 0 : rSquared / levels[feature]
    return Double(1 + ratios.count { $0 >= ratio }) / Double(ratios.count + 1)
  }
}
