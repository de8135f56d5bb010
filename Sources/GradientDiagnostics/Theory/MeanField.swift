import Foundation
import RecurrentCells

/// Mean-field theory of the plain recurrent network: what happens to gradients in a wide one with random weights.
///
///     h_t = φ(a_t),   W_hh ~ N(0, σ_w²/H),   Var(W_ih x_t) = s²,   b ~ N(0, σ_b²),   z ~ N(0, 1)
///     q* = σ_w² E φ(√q* z)² + s² + σ_b²                            (variance of a preactivation, stationary)
///     χ = σ_w² E φ'(√q* z)²                                         E‖δ_{t−1}‖² = χ E‖δ_t‖²
///     log10 ‖δ_{T−k}‖ = log10 ‖δ_T‖ + k · ½ log10 χ                 (loss at T alone)
///
/// Exact for H → ∞; at H = 128 the measured slope differs by a few thousandths of a decade a step. Weights that are
/// Haar-orthogonal times σ_w have the same χ. For gated cells see ``TiedLSTMMeanField`` (LSTM); there is no such
/// prediction for the GRU here.
///
/// - Note: Source: Chen, Pennington & Schoenholz, ICML 2018 (arXiv 1806.05394).
public struct MeanField: Sendable, Equatable {
  /// φ.
  public let activation: Activation
  /// σ_w.
  public let recurrentScale: Double
  /// s: standard deviation of a unit's input current W_ih x_t; for V ~ N(0, σ_v²/I) it is σ_v √(mean x²).
  public let inputScale: Double
  /// σ_b.
  public let biasScale: Double
  /// q*, the largest stationary variance: that of a network started from any state but the exact zero. +∞ where a
  /// linear or ReLU network diverges; ``gradientFactor`` does not depend on it there.
  public let preactivationVariance: Double

  /// What σ_w, s and σ_b may be.
  public static let scales = 0...1e100

  /// - Parameters:
  ///   - recurrentScale: σ_w in ``scales``, as the others.
  /// - Complexity: about ten times a hundred evaluations of φ; more within rounding of the transition at
  ///   s = 0, σ_w = 1.
  public init(activation: Activation, recurrentScale: Double, inputScale: Double, biasScale: Double = 0) {
    for scale in [recurrentScale, inputScale, biasScale] {
      precondition(Self.scales.contains(scale), "a scale is in 0 … 1e100, not \(scale)")
    }
    self.activation = activation
    self.recurrentScale = recurrentScale
    self.inputScale = inputScale
    self.biasScale = biasScale
    preactivationVariance = stationaryVariance(
      activation, gain: recurrentScale * recurrentScale,
      drive: inputScale * inputScale + biasScale * biasScale)
  }

  /// χ = σ_w² E φ'(√q* z)²: the factor of E‖δ_t‖² in one step backwards.
  public var gradientFactor: Double { recurrentScale * recurrentScale * meanSquaredSlope }

  /// ½ log10 χ: slope of log10 ‖δ‖ against lag, in decades per step; negative: vanishing, −∞ for σ_w = 0.
  public var decadesPerStep: Double { log10(recurrentScale) + log10(meanSquaredSlope) / 2 }

  private var meanSquaredSlope: Double { activation.meanSquaredSlope(variance: preactivationVariance) }

  /// The critical line of the tanh network: the σ_w at which χ = 1, where gradients neither vanish nor explode.
  ///
  /// 1 without input; more with it, since driven units saturate.
  ///
  /// - Parameters:
  ///   - inputScale: s in [0, 1e6].
  ///   - biasScale: σ_b in [0, 1e6].
  /// - Returns: σ_w ≥ 1, to 15 digits.
  public static func criticalWeight(inputScale: Double, biasScale: Double = 0) -> Double {
    precondition(max(inputScale, biasScale) <= 1e6, "the critical line is known for scales up to 1e6")
    func vanishes(_ weight: Double) -> Bool {
      MeanField(
        activation: .tanh, recurrentScale: weight, inputScale: inputScale, biasScale: biasScale
      ).gradientFactor < 1
    }
    if inputScale == 0 && biasScale == 0 { return 1 }
    var (low, high) = (1.0, 2.0)
    while vanishes(high) { (low, high) = (high, 2 * high) }
    while true {
      let middle = low + (high - low) / 2
      if middle <= low || middle >= high { return middle }
      if vanishes(middle) { low = middle } else { high = middle }
    }
  }
}

/// The largest q with q = gain · E φ(√q z)² + drive.
///
/// For tanh the right side is concave in q: Newton's iteration from above falls monotonically to the root.
private func stationaryVariance(_ activation: Activation, gain: Double, drive: Double) -> Double {
  if let share = activation.meanShare {
    let gain = share * gain
    if gain < 1 { return drive / (1 - gain) }
    return gain == 1 && drive == 0 ? 0 : .infinity
  }
  if drive == 0 && gain <= 1 { return 0 }
  var q = gain + drive
  // Where the slope nears 1, at the transition, each iteration halves the distance.
  for _ in 0..<2000 {
    let excess = q - gain * activation.meanSquare(variance: q) - drive
    let slope = 1 - gain * activation.meanSquareDerivative(variance: q)
    if !(excess > 0 && slope > 0) { break }
    let next = q - excess / slope
    if !(next < q) { break }
    q = max(next, drive)
  }
  return q
}
