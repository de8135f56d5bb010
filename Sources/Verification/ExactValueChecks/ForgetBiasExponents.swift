import Foundation
import GradientFlow

/// The leading exponent of the whole state (h, c) of an LSTM, which its forget bias moves.
struct ForgetBiasExponents: ExactValueSource {
  package let name = "Forget bias and the leading exponent of (h, c)"
  package let source =
    "closed form without weights: λ_1 = ln σ(b_f); H = 64, ρ = 1, x ~ N(0, 1): λ_1 rises towards 0 (at b_f = 5 a little "
    + "beyond); the same by the forward pass alone"

  package func rows(_ effort: ExactValues.Effort) async throws -> [ExactValueRow] {
    let biases = [-2.0, 0, 1, 3, 5]
    let (steps, seeds) = effort == .quick ? (500, 3) : (4000, 8)
    let separationSteps = effort == .quick ? 500 : 4000
    var rows: [ExactValueRow] = []
    for bias in biases {
      let found = try Self.exponent(bias, spectralRadius: 0, inputScale: 0, steps: 500, seed: 0)
      rows.append(
        ExactValueRow(
          "b_f = \(bias), no weights: λ_1", exact: -log1p(exp(-bias)), measured: found, .within(1e-12)))
    }
    var previous: Sample?
    for bias in biases {
      let found = try await Sample(seeds: seeds) { seed in
        try Self.exponent(bias, spectralRadius: 1, inputScale: 1, steps: steps, seed: seed)
      }
      if let previous {
        let rise = Sample(zip(found.values, previous.values).map { $0 - $1 })
        rows.append(
          ExactValueRow(
            "b_f = \(bias): λ_1, above that before", exact: previous.mean,
            measured: found.mean - 3 * rise.standardError, .atLeast,
            remark: String(
              format: "%.4f, s.e. %.4f, less 3 s.e. of the rise", found.mean, found.standardError)))
        rows.append(
          ExactValueRow(
            "b_f = \(bias): |λ_1|, below that before", exact: previous.mean.magnitude,
            measured: found.mean.magnitude, .atMost))
      }
      previous = found
      let neighbours = try Self.separation(bias, steps: separationSteps)
      // Two directions to start from: what they differ by stays, over T.
      rows.append(
        ExactValueRow(
          "b_f = \(bias): λ_1, separation of neighbours", exact: neighbours.separation,
          measured: neighbours.exponent, .within(2 / Double(separationSteps))))
    }
    return rows
  }

  private static func exponent(
    _ bias: Double, spectralRadius: Double, inputScale: Double, steps: Int, seed: Int
  ) throws -> Double {
    var pass = try scaledLSTMPass(
      forgetBias: bias, spectralRadius: spectralRadius, inputScale: inputScale, steps: steps, seed: seed)
    return exponent(&pass, seed: seed)
  }

  /// λ_1 of one trajectory by tangent vectors, and by the distance of neighbours.
  private static func separation(
    _ bias: Double, steps: Int
  ) throws -> (exponent: Double, separation: Double) {
    var pass = try scaledLSTMPass(forgetBias: bias, spectralRadius: 1, steps: steps, seed: 0)
    var start = RandomStream(rootSeed: 1986, trialSeed: 0, purpose: .other(5))
    let separation = pass.separationExponent(
      transient: LyapunovSpectrum.defaultTransient(of: steps), stream: &start)
    return (exponent(&pass, seed: 0), separation)
  }

  private static func exponent(_ pass: inout SequencePass<LSTMCell<Double>>, seed: Int) -> Double {
    let start = RandomStream(rootSeed: 1986, trialSeed: UInt64(seed), purpose: .tangentVectors)
    return pass.lyapunovSpectrum(
      count: 1, transient: LyapunovSpectrum.defaultTransient(of: pass.shape.steps), start: .random(start)
    ).exponents[0]
  }
}
