import Foundation

/// The one line that says what a comparison found.
enum Verdict {
  /// Rates below this many decades a step are called steady: less than a factor of 10 over 1,000 steps.
  static let steady = 0.001

  static func line(_ variants: [VariantDecay]) -> String {
    guard let reference = variants.first else { return "no trials" }
    let own = "\(reference.variant.label) \(behaviour(reference))"
    let others = variants.dropFirst().map { variant in
      "\(variant.variant.label) \(behaviour(variant))\(relation(variant, to: reference))"
    }
    return ([own] + others).joined(separator: "; ")
  }

  /// "vanishes", "explodes", "keeps its gradient".
  private static func behaviour(_ v: VariantDecay) -> String {
    guard let rate = v.rate else {
      if v.zeros > 0 { return "has gradients that are exactly zero" }
      return v.diverged > 0 ? "has no gradients (the state diverged)" : "has no rate"
    }
    if v.zeros > 0 { return "vanishes to exactly zero in \(v.zeros) of \(v.seeds) seeds" }
    let margin = rate.halfWidth ?? 0
    if rate.mean + margin < -steady { return "vanishes" }
    if rate.mean - margin > steady { return "explodes" }
    return rate.mean.magnitude <= steady ? "keeps its gradient" : "is near the edge"
  }

  /// ", 3.1 times slower than rnn (significant)".
  private static func relation(_ v: VariantDecay, to reference: VariantDecay) -> String {
    guard let rate = v.rate?.mean, let base = reference.rate?.mean, let difference = v.difference
    else { return "" }
    let margin = difference.halfWidth
    guard let margin, difference.mean.magnitude > margin else {
      return margin == nil
        ? " (one pair of seeds: no interval)" : " (no difference beyond the seeds' spread)"
    }
    if rate < -steady, base < -steady {
      let factor = base / rate
      return factor >= 1
        ? String(format: ", %.2g times slower than %@", factor, reference.variant.label)
        : String(format: ", %.2g times faster than %@", 1 / factor, reference.variant.label)
    }
    return String(
      format: ", %+.3g decades a step against %@", difference.mean, reference.variant.label)
  }
}
