import Experiments
import GradientFlow
import TestSupport
import Testing

/// Mean-field theory puts the edge between vanishing and exploding of a tanh network at σ_w = 1.856 for input
/// scale 1 and 1.550 for 0.5; a Gaussian W_hh of 128 units has spectral radius 1.046 σ_w.
@Suite("The edge of vanishing") struct EdgeOfVanishingTests {
  // Twelve seeds leave ± 0.04 on the crossing. The fitted rate is of the mean logarithm over batch elements, which
  // lies below the logarithm of the mean square of the theory: it crosses 2 % later.
  @Test(arguments: [(1.0, 1.8, 2.1, 1.941), (0.5, 1.5, 1.8, 1.621)])
  func liesWhereMeanFieldTheoryPutsIt(
    scale: Double, below: Double, above: Double, predicted: Double
  ) async throws {
    let directory = try TemporaryDirectory()
    let spec = try SweepSpecification.parse(
      text: """
        name: edge
        cells: rnn
        hidden_size: 128
        batch_size: 8
        sequence_length: 100
        spectral_radius: [\(below), \(above)]
        input_scale: \(scale)
        seeds: 12
        """, file: "edge.yaml")
    let sweep = try Sweep(spec, directory: directory.path, options: SweepOptions(jobs: 2))
    _ = try await sweep.execute()
    func mean(_ radius: Double, _ value: (TrialRecord) -> Double?) throws -> Double {
      let values = try sweep.run.trials.filter { $0.spectralRadius == radius }
        .compactMap { try sweep.run.record($0, withSteps: false).flatMap(value) }
      return values.reduce(0, +) / Double(values.count)
    }
    func crossing(_ value: (TrialRecord) -> Double?) throws -> Double {
      let (low, high) = (try mean(below, value), try mean(above, value))
      #expect(low < 0)
      #expect(high > 0)
      return below + (above - below) * -low / (high - low)
    }
    let byRatio = try crossing(\.log10RatioFirstLast)
    let byRate = try crossing(\.decayRate)
    #expect((byRatio / predicted - 1).magnitude < 0.03)
    #expect((byRate / predicted - 1.02).magnitude < 0.03)
  }
}
