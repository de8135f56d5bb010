import Experiments
import Foundation
import GradientFlow

/// The decay rate of trials that differ in nothing but their seed, and what may be said of it: the numbers and the
/// judgement of `compare`.
struct DecayEstimate: Sendable {
  /// What may be said. Raw values are names in files.
  enum Claim: String, Sendable {
    case vanishes, explodes
    /// The interval supports neither: it holds 0, touches steady rates, or lies within them; see `Trend`.
    case open, edge, steady
    /// One seed has no interval: it says what it does, not what gradients do.
    case falls, grows
    /// Exactly 0 at t = 1, for most seeds.
    case zero
    /// Fewer than two norms that are not 0.
    case noRate = "no-rate"
    case diverged, missing
  }

  /// One of the trials.
  let trial: TrialParameters
  private let decay: VariantDecay

  /// - Returns: nil for no trials.
  init?(_ trials: [TrialParameters], _ records: RunRecords) throws {
    guard let first = trials.first else { return nil }
    var found: [UInt64: TrialRecord] = [:]
    for trial in trials { found[trial.seed] = try records.record(trial) }
    (trial, decay) = (first, VariantDecay(CellVariant(first), found, base: nil))
  }

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
    guard let rate else { return decay.diverged > 0 ? .diverged : decay.zeros > 0 ? .zero : .noRate }
    switch Trend(rate, steps: trial.sequenceLength) {
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
    case .open, .edge, .steady: 0
    case .noRate, .diverged, .missing: nil
    }
  }

  /// What gradients do; of totals under a loss at every step, which hide vanishing, only what totals do.
  func words(ofTotals isTotal: Bool) -> String {
    switch self {
    case .vanishes: isTotal ? "has total norms that fall" : "vanishes"
    case .explodes: isTotal ? "has total norms that grow" : "explodes"
    case .falls: "falls (one seed)"
    case .grows: "grows (one seed)"
    case .steady: isTotal ? "has level total norms" : "keeps its gradient"
    case .open: "is not distinguishable from constant"
    case .edge: "is near the edge"
    case .zero: "is exactly zero at t = 1"
    case .noRate: "has no rate"
    case .diverged: "diverges"
    case .missing: "has not been run"
    }
  }
}

extension Sequence<DecayEstimate> {
  /// `rnn vanishes up to ρ = 1.75, is not distinguishable from constant at 2, explodes from 2.25 on`, of estimates in the
  /// order of their places.
  ///
  /// - Parameters:
  ///   - symbol: what stands before the first place: `ρ = `.
  ///   - place: of a trial, as a reader knows it.
  func sentence(_ name: String, symbol: String, place: (TrialParameters) -> String) -> String {
    let known = filter { $0.claim != .missing }
    var runs: [(words: String, places: [String])] = []
    for estimate in known {
      let words = estimate.claim.words(ofTotals: estimate.trial.hasLossAtEveryStep)
      if runs.last?.words == words {
        runs[runs.count - 1].places.append(place(estimate.trial))
      } else {
        runs.append((words, [place(estimate.trial)]))
      }
    }
    guard runs.count > 1 else {
      return "\(name) \(runs.first.map { "\($0.words) throughout" } ?? "has not been run")"
    }
    if runs.count > 5 {
      let counts = runs.map(\.words).distinct.map { words in
        "\(words) at \(runs.filter { $0.words == words }.reduce(0) { $0 + $1.places.count })"
      }
      return "\(name), of \(known.count) places, " + counts.joined(separator: ", ")
    }
    let parts = runs.enumerated().map { k, run in
      let (first, last) = (run.places[0], run.places[run.places.count - 1])
      let sign = k == 0 ? symbol : ""
      if run.places.count == 1 { return "\(run.words) at \(sign)\(first)" }
      if k == 0 { return "\(run.words) up to \(sign)\(last)" }
      return "\(run.words) from \(first) " + (k == runs.count - 1 ? "on" : "to \(last)")
    }
    return "\(name) " + parts.joined(separator: ", ")
  }
}
