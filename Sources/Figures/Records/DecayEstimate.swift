import Experiments
import Foundation
import GradientFlow

/// The decay rate of a layer of trials that differ in nothing but their seed, and what may be said of it: the numbers and the
/// judgement of `compare`.
struct DecayEstimate: Sendable {
  /// What may be said. Raw values are names in files.
  enum Claim: String, Sendable {
    case vanishes, explodes
    /// The interval supports neither: it holds 0, touches steady rates, or lies within them; see `Trend`.
    case open, edge, steady
    /// One seed has no interval: it says what it does, not what gradients do.
    case falls, grows
    /// By its slope, while the norm of the whole batch does the opposite.
    case contradicted
    /// Exactly 0 at t = 1, for most seeds.
    case zero
    /// Fewer than two norms that are not 0.
    case noRate = "no-rate"
    case diverged, missing
  }

  /// One of them.
  let layer: TrialLayer
  private let decay: VariantDecay
  private let judgement: VariantJudgement

  /// - Returns: nil for no layers.
  init?(_ layers: [TrialLayer], _ records: RunRecords) throws {
    guard let first = layers.first else { return nil }
    var found: [UInt64: TrialRecord] = [:]
    for layer in layers { found[layer.seed] = try records.record(layer) }
    (layer, decay) = (first, VariantDecay(CellVariant(first.trial), found, base: nil))
    judgement = VariantJudgement(decay, in: ComparisonGroup(first.trial, place: first.main))
  }

  var trial: TrialParameters { layer.trial }

  /// Decades a step; nil where no seed has a rate.
  var rate: MeanInterval? { decay.rate }
  /// Seeds that have one, and those that were run without one.
  var seeds: (with: Int, without: Int) { (rate?.count ?? 0, decay.seeds - (rate?.count ?? 0)) }
  /// The steps that a gradient goes back.
  private var steps: Double { Double(max(0, trial.sequenceLength - 1)) }

  /// Decades gained on the way back: rate × (T − 1); −∞ for what ends at exactly 0.
  var decades: Double? { claim == .zero ? -.infinity : rate.map { $0.mean * steps } }
  /// The interval of the rate; its ends are the rate of a single seed.
  var ends: (low: Double, high: Double)? {
    rate.map { ($0.mean - ($0.halfWidth ?? 0), $0.mean + ($0.halfWidth ?? 0)) }
  }

  var claim: Claim {
    if decay.seeds == 0 { return .missing }
    if 2 * decay.zeros > decay.seeds { return .zero }
    if judgement.isContradicted { return .contradicted }
    switch judgement.trend {
    case nil: return decay.diverged > 0 ? .diverged : decay.zeros > 0 ? .zero : .noRate
    case .falls: return .vanishes
    case .grows: return .explodes
    case .singleFalls: return .falls
    case .singleGrows: return .grows
    case .steady: return .steady
    case .open: return .open
    case .edge: return .edge
    }
  }
}

extension DecayEstimate.Claim {
  /// Which side of the border it supports: −1 or 1; 0 for neither, nil where there is nothing to judge.
  var side: Int? {
    switch self {
    case .vanishes, .falls, .zero: -1
    case .explodes, .grows: 1
    case .open, .edge, .steady, .contradicted: 0
    case .noRate, .diverged, .missing: nil
    }
  }

}

extension DecayEstimate {
  /// What gradients do, in the words of `compare`; of totals under a loss at every step, which hide vanishing, only what
  /// totals do.
  var words: String {
    switch claim {
    case .zero: "is exactly zero at t = 1"
    case .diverged: "diverges"
    case .noRate: "has no rate"
    case .missing: "has not been run"
    default: judgement.behaviour
    }
  }
}

extension Sequence<DecayEstimate> {
  /// `rnn vanishes up to ρ = 1.75, is not distinguishable from constant at 2, explodes from 2.25`, of estimates in the order
  /// of their places.
  ///
  /// - Parameters:
  ///   - symbol: what stands before the first place: `ρ = `.
  ///   - place: where it is on the axis, as a reader knows it.
  func sentence(_ name: String, symbol: String, place: (TrialLayer) -> String) -> String {
    let known = filter { $0.claim != .missing }
    guard !known.isEmpty else { return "\(name) has not been run" }
    return "\(name) " + WordRanges(known.map { (place($0.layer), $0.words) }, axis: symbol).words
  }
}
