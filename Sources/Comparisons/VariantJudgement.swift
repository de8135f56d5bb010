import Foundation
import GradientFlow
import TextFiles

/// What the numbers of a cell variant in a group support, and no more.
package struct VariantJudgement: Sendable, Equatable {
  /// How the rate differs from the reference's on the same seeds.
  package enum Relation: Sendable, Equatable {
    /// Both fall or both grow, and the interval of the paired difference excludes 0.
    case slower, faster
    /// The interval excludes 0, but one has another trend than the other.
    case above, below
    /// It holds 0.
    case none
    /// One pair of seeds.
    case unknown
  }

  /// `lstm (forget bias 1)`.
  package let name: String
  /// nil where no seed has a rate.
  package let trend: Trend?
  /// Whether the norm of all sequences that have T steps changes in the opposite direction, beyond the seeds' spread.
  package let isContradicted: Bool
  /// A verb and what belongs to it.
  package let behaviour: String
  /// nil for the reference and where one of the two has no rate.
  package let relation: Relation?
  /// The relation as a sentence has it, ` (no difference …)`; empty where there is none.
  package let relationWords: String

  /// - Parameter reference: nil for the reference itself.
  package init(_ v: VariantDecay, in group: ComparisonGroup, reference: VariantDecay? = nil) {
    let own = Self.trend(v, group)
    name = v.variant.name
    trend = own
    isContradicted = Self.isContradicted(v, own)
    behaviour = Self.behaviour(v, own, isContradicted: isContradicted, ofTotal: group.hasLossAtEveryStep)
    guard let reference, let difference = v.difference, let own,
      let other = Self.trend(reference, group)
    else {
      (relation, relationWords) = (nil, "")
      return
    }
    let isComparable =
      own == other && !group.hasLossAtEveryStep && !isContradicted && !Self.isContradicted(reference, other)
    let found = Self.relation(difference, own, isComparable: isComparable)
    relation = found
    relationWords = Self.words(found, v, reference, difference, own)
  }

  private static func trend(_ v: VariantDecay, _ group: ComparisonGroup) -> Trend? {
    v.rate.map { Trend($0, steps: group.sequenceLength) }
  }

  /// What it does by its slope alone, where the other measure says the opposite; this is not called vanishing.
  private static func isContradicted(_ v: VariantDecay, _ trend: Trend?) -> Bool {
    guard trend == .falls || trend == .grows, let ratio = v.log10Ratio else { return false }
    let margin = max(Foundation.log10(2), ratio.halfWidth ?? 0)
    return trend == .falls ? ratio.mean - margin > 0 : ratio.mean + margin < 0
  }

  private static func behaviour(
    _ v: VariantDecay, _ trend: Trend?, isContradicted: Bool, ofTotal: Bool
  ) -> String {
    guard let trend else {
      if v.zeros > 0 { return "has gradients that are exactly zero" }
      return v.diverged > 0 ? "has no gradients (the state diverged)" : "has no rate"
    }
    var words = trend.words(ofTotal: ofTotal)
    if isContradicted { words = "\(trend == .falls ? "falls" : "grows") by its slope alone" }
    return v.zeros > 0 ? "\(words), exactly zero in \(v.zeros) of \(v.seeds) seeds" : words
  }

  private static func relation(_ difference: MeanInterval, _ own: Trend, isComparable: Bool) -> Relation {
    guard let margin = difference.halfWidth else { return .unknown }
    guard difference.mean.magnitude > margin else { return .none }
    let isAbove = difference.mean > 0
    guard isComparable, own == .falls || own == .grows else { return isAbove ? .above : .below }
    return isAbove == (own == .falls) ? .slower : .faster
  }

  private static func words(
    _ relation: Relation, _ v: VariantDecay, _ reference: VariantDecay, _ difference: MeanInterval,
    _ own: Trend
  ) -> String {
    let name = reference.variant.name
    let amount = "\(Brief.number(difference.mean.magnitude)) decades per step"
    switch relation {
    case .unknown:
      return own == .singleFalls || own == .singleGrows ? "" : " (one pair of seeds, no interval)"
    case .none: return " (no difference from \(name) beyond the seeds' spread)"
    case .above: return ", \(amount) above \(name)"
    case .below: return ", \(amount) below \(name)"
    case .slower, .faster:
      let word = relation == .slower ? "slower" : "faster"
      let factor = own == .falls ? Self.factor(v, reference).map { "\($0) times" } : nil
      return ", \(factor ?? amount) \(word) than \(name)"
    }
  }

  /// How many times faster or slower: only of rates that are known to within half of their size; nil also where it
  /// rounds to 1.
  private static func factor(_ v: VariantDecay, _ reference: VariantDecay) -> String? {
    guard let rate = v.rate, let base = reference.rate, let own = rate.relativeHalfWidth,
      let other = base.relativeHalfWidth, own < 0.5, other < 0.5
    else { return nil }
    let text = Brief.rounded(max(base.mean / rate.mean, rate.mean / base.mean))
    guard text != "1" else { return nil }
    return (own * own + other * other).squareRoot() < 0.1 ? text : "about \(text)"
  }
}

extension MeanInterval {
  /// Half of the interval's width as a share of the mean; nil for a single value or a mean of 0.
  fileprivate var relativeHalfWidth: Double? {
    mean == 0 ? nil : halfWidth.map { $0 / mean.magnitude }
  }
}
