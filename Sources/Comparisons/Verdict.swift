import Foundation
import TextFiles

/// The one line that says what a comparison found. It says no more than its numbers do: what seeds scatter over is no
/// growth, and what a loss at every step hides is not called surviving.
public struct Verdict {
  private let group: ComparisonGroup
  private let variants: [VariantDecay]
  /// Rates below this many decades per step count as steady: less than a factor of 10 over the sequence, and over 1,000
  /// steps.
  private let steady: Double

  /// - Parameter variants: the reference first.
  public init(_ group: ComparisonGroup, _ variants: [VariantDecay]) {
    (self.group, self.variants) = (group, variants)
    steady = min(0.001, 1 / Double(max(1, group.sequenceLength - 1)))
  }

  /// `rnn vanishes; lstm, forget bias 1 vanishes, 2.5 times slower than rnn`.
  public var line: String {
    guard let reference = variants.first else { return "no trials" }
    let own = "\(reference.variant.label) \(behaviour(reference))"
    let others = variants.dropFirst().map { variant in
      "\(variant.variant.label) \(behaviour(variant))\(relation(variant, to: reference))"
    }
    return opening + ([own] + others).joined(separator: "; ")
  }

  /// What has to be known before the rates are read.
  private var opening: String {
    var parts: [String] = []
    if group.hasLossAtEveryStep { parts.append("a loss at every step hides vanishing") }
    if group.staysAtZero { parts.append("the state stays at the fixed point 0, linearised there") }
    return parts.isEmpty ? "" : parts.joined(separator: "; ") + ": "
  }

  /// What a rate is within the seeds' spread.
  private enum Trend {
    case falls, grows, steady
    /// The interval holds 0 and more than steady rates.
    case open
    /// It does not hold 0, but steady rates.
    case edge
  }

  private func trend(_ v: VariantDecay) -> Trend? {
    guard let rate = v.rate else { return nil }
    let margin = rate.halfWidth ?? 0
    let (low, high) = (rate.mean - margin, rate.mean + margin)
    if high < -steady { return .falls }
    if low > steady { return .grows }
    if low >= -steady, high <= steady { return .steady }
    return low <= 0 && high >= 0 ? .open : .edge
  }

  /// "vanishes", "explodes", "keeps its gradient".
  private func behaviour(_ v: VariantDecay) -> String {
    guard let trend = trend(v) else {
      if v.zeros > 0 { return "has gradients that are exactly zero" }
      return v.diverged > 0 ? "has no gradients (the state diverged)" : "has no rate"
    }
    if v.zeros > 0 { return "vanishes to exactly zero in \(v.zeros) of \(v.seeds) seeds" }
    switch trend {
    case .steady: return group.hasLossAtEveryStep ? "has a level total norm" : "keeps its gradient"
    case .open: return "is indistinguishable from constant"
    case .edge: return "is near the edge"
    case .falls, .grows:
      if isContradicted(v) {
        return trend == .falls
          ? "has a falling slope, but a larger norm at the start than at the end"
          : "has a growing slope, but a smaller norm at the start than at the end"
      }
      if group.hasLossAtEveryStep { return "has a total norm that \(trend == .falls ? "falls" : "grows")" }
      return trend == .falls ? "vanishes" : "explodes"
    }
  }

  /// Whether the norm at t = 1 lies on the other side of that at t = T than the slope says, beyond the seeds' spread.
  private func isContradicted(_ v: VariantDecay) -> Bool {
    guard let rate = v.rate?.mean, let ratio = v.log10Ratio else { return false }
    let margin = max(Foundation.log10(2), ratio.halfWidth ?? 0)
    return rate < 0 ? ratio.mean - margin > 0 : ratio.mean + margin < 0
  }

  /// ", 3.1 times slower than rnn"; of rates that are not both a decay, their difference.
  private func relation(_ v: VariantDecay, to reference: VariantDecay) -> String {
    guard let rate = v.rate?.mean, let base = reference.rate?.mean, let difference = v.difference
    else { return "" }
    let margin = difference.halfWidth
    guard let margin, difference.mean.magnitude > margin else {
      return margin == nil
        ? " (one pair of seeds: no interval)" : " (no difference beyond the seeds' spread)"
    }
    if !group.hasLossAtEveryStep, trend(v) == .falls, trend(reference) == .falls {
      let factor = max(base / rate, rate / base)
      let text = Brief.rounded(factor)
      if text != "1" {
        return ", \(text) times \(rate > base ? "slower" : "faster") than \(reference.variant.label)"
      }
    }
    return String(
      format: ", %+.3g decades per step relative to %@", difference.mean, reference.variant.label)
  }
}
