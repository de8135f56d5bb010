import Experiments
import Foundation
import GradientFlow
import TestSupport
import Testing

/// Sweeps whose components, factors or sums leave the range of one exponent, with values computed elsewhere in
/// logarithms and with 120 digits.
@Suite("Trials beyond the range of one exponent") struct BeyondTheRangeTests {
  private func records(_ text: String) throws -> [TrialRecord] {
    try SweepSpecification.parse(text: "name: t\n" + text, file: "t.yaml").trials.map {
      TrialRunner().run($0)
    }
  }

  /// float64 to 1e-9, float32 to 1e-4.
  private func isClose(_ value: Double?, _ expected: Double, digits: Double) -> Bool {
    guard let value else { return false }
    return (value - expected).magnitude <= digits * max(1, expected.magnitude)
  }

  // States grow as ρ^t and γ as ρ^(T − t): every step contributes as much as any other.
  @Test(
    arguments: [
      ("rnn-relu", "identity", 1.5, 200, "float32", 38.2561),
      ("rnn-relu", "identity", 5, 50, "float32", 36.1984),
      ("rnn-linear", "orthogonal", 1.2, 400, "float32", 34.9099),
      ("rnn-relu", "identity", 5, 400, "float64", 281.7518),
    ] as [(String, String, Double, Int, String, Double)])
  func wholeWeightGradientsOfExplodedStatesAreRight(
    _ cell: String, _ initializer: String, _ radius: Double, _ steps: Int, _ precision: String,
    _ expected: Double
  ) throws {
    let record = try #require(
      try records(
        """
        cells: [\(cell)]
        hidden_size: 10
        input_size: 3
        batch_size: 3
        sequence_length: \(steps)
        spectral_radius: \(radius)
        initializer: \(initializer)
        seeds: [3]
        precision: \(precision)
        """
      ).first)
    // Given to four places.
    #expect(((record.log10GradWeightHH ?? .nan) - expected).magnitude < 1e-4)
  }

  @Test(
    arguments: [
      (5, 400, 0, "float32", -2.8715), (5, 400, 1, "float32", -2.9216), (5, 4000, 0, "float32", -2.9934),
      (5, 4000, 1, "float32", -2.9311), (5, 20000, 0, "float64", -2.9533),
      (2.5, 4000, 1, "float32", -1.04757),
    ] as [(Double, Int, Int, String, Double)])
  func unitsThatDecayAtRatesOfTheirOwnAreAllKept(
    _ radius: Double, _ steps: Int, _ seed: Int, _ precision: String, _ expected: Double
  ) throws {
    let record = try #require(
      try records(
        """
        cells: [rnn]
        hidden_size: 12
        input_size: 3
        batch_size: 2
        sequence_length: \(steps)
        spectral_radius: \(radius)
        initializer: identity
        input_scale: 5
        seeds: [\(seed)]
        precision: \(precision)
        """
      ).first)
    #expect(isClose(record.decayRate, expected, digits: 5e-5))
  }

  // tanh′(c) of a cell state far from 0.
  @Test(arguments: [(1, -0.02905), (3, -0.0374)] as [(Int, Double)])
  func derivativesOfALargeCellStateCountAsWhatTheyAre(_ seed: Int, _ expected: Double) throws {
    let text = """
      cells: [lstm]
      hidden_size: 48
      input_size: 8
      batch_size: 4
      sequence_length: 400
      spectral_radius: 5
      initializer: identity
      forget_bias: 0
      seeds: [\(seed)]
      precision: [float32, float64]
      """
    let (single, double) = (try records(text)[0], try records(text)[1])
    #expect(isClose(single.decayRate, expected, digits: 1e-5))
    #expect(isClose(single.decayRate, double.decayRate ?? .nan, digits: 1e-6))
  }

  // One example's class is certain to 600 decades: its gradient is 10^−600, not zero.
  @Test func theGradientOfACertainClassIsNotZero() throws {
    let records = try records(
      """
      cells: [rnn-relu]
      hidden_size: 12
      input_size: 5
      batch_size: 6
      sequence_length: 30
      spectral_radius: 1.3
      initializer: identity
      input_scale: 0.7
      loss: cross-entropy-final
      readout_size: 4
      seeds: [0]
      root_seed: 12345678901234567890
      precision: [float64, float32]
      """)
    for record in records {
      #expect(record.decayRateLags == 30)
      #expect(isClose(record.decayRate, 0.111052842, digits: 1e-6))
    }
  }
}
