import GradientFlow

/// What the decay rate of a cell is within the spread of its seeds: the one judgement that comparisons and figures share.
///
/// The decay rate is the slope of the mean over examples of log10 ‖∂L/∂h_t‖ against lag; its interval is that of the
/// mean over seeds.
public enum Trend: Sendable, Hashable {
  /// The whole interval is below steady rates, or above.
  case falls, grows
  /// The whole interval is of steady rates.
  case steady
  /// It holds 0 and more than steady rates: nothing can be said.
  case open
  /// It does not hold 0, but steady rates.
  case edge
  /// One seed has no interval: its rate is what it is, below 0 or not.
  case singleFalls, singleGrows

  /// - Parameters:
  ///   - rate: decades a step.
  ///   - steps: T.
  public init(_ rate: MeanInterval, steps: Int) {
    let steady = Self.steady(steps)
    guard let margin = rate.halfWidth else {
      self = rate.mean.magnitude <= steady ? .steady : rate.mean < 0 ? .singleFalls : .singleGrows
      return
    }
    let (low, high) = (rate.mean - margin, rate.mean + margin)
    if high < -steady {
      self = .falls
    } else if low > steady {
      self = .grows
    } else if low >= -steady, high <= steady {
      self = .steady
    } else {
      self = low <= 0 && high >= 0 ? .open : .edge
    }
  }

  /// What a gradient with such a rate does, as sentences have it.
  ///
  /// - Parameter ofTotal: of norms that a loss at every step refreshes, which hides vanishing.
  public func words(ofTotal: Bool = false) -> String {
    switch self {
    case .falls: ofTotal ? "has a total norm that falls" : "vanishes"
    case .grows: ofTotal ? "has a total norm that grows" : "explodes"
    case .steady: ofTotal ? "has a level total norm" : "keeps its gradient"
    case .open: "is not distinguishable from constant"
    case .edge: "is near the edge"
    case .singleFalls: "falls (one seed, no interval)"
    case .singleGrows: "grows (one seed, no interval)"
    }
  }

  /// Rates of at most so many decades a step count as steady: less than a factor of 10 over the sequence, and over 1,000
  /// steps.
  public static func steady(_ steps: Int) -> Double { min(0.001, 1 / Double(max(1, steps - 1))) }
}
