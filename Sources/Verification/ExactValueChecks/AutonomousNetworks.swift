import Foundation
import GradientFlow

/// h' = tanh(W h), W Gaussian of variance g²/N: a stable fixed point below g = 1, chaos above it.
struct AutonomousNetworks: ExactValueSource {
  package let name = "Autonomous tanh networks"
  package let source =
    "λ_1 = ln ρ(W) for g < 1; → ½ ln χ above (Sompolinsky, Crisanti & Sommers, PRL 61 (1988) 259); "
    + "at finite N a simulation in another program, 5 seeds"

  /// What another program found.
  private static let references:
    [(gain: Double, halfLogChi: Double, exponents: [(size: Int, mean: Double, error: Double)])] = [
      (1.5, 0.06522, [(250, 0.0484, 0.0053), (1000, 0.0633, 0.0012)]),
      (2, 0.15472, [(250, 0.1461, 0.0032), (1000, 0.1529, 0.0005)]),
      // By adaptive quadrature 0.310249.
      (3, 0.31025, [(250, 0.3008, 0.0022), (1000, 0.3101, 0.0005)]),
    ]

  package func rows(_ effort: ExactValues.Effort) async throws -> [ExactValueRow] {
    let quick = effort == .quick
    var rows: [ExactValueRow] = []
    for row in Self.references where !quick || row.gain == 2 {
      let theory = MeanField(activation: .tanh, recurrentScale: row.gain, inputScale: 0)
      rows.append(
        .printed(
          "g = \(row.gain): ½ ln χ", row.halfLogChi, decimals: 5, measured: theory.decadesPerStep * M_LN10))
      let (_, mean, error) = row.exponents[quick ? 0 : 1]
      let size = quick ? 200 : 1000
      let found = try await Sample(seeds: 5) { seed in
        try Self.exponent(gain: row.gain, size: size, steps: quick ? 400 : 1000, batch: 4, seed: seed)
          .exponent
      }
      rows.append(
        .mean(
          "g = \(row.gain): λ_1 at N = \(size)", exact: mean, error: error, of: found,
          remark: String(format: "own s.e. %.4f", found.standardError)))
    }
    let (size, steps) = quick ? (40, 4000) : (100, 20_000)
    let stable = try await concurrently(0..<(quick ? 1 : 3)) { seed in
      let (exponent, weights) = try Self.exponent(gain: 0.8, size: size, steps: steps, batch: 1, seed: seed)
      return (exponent: exponent, logRadius: log(try weights.spectralRadius()))
    }
    for (seed, found) in stable.enumerated() {
      // The shape of the leading eigenvectors is all that a finite mean adds.
      rows.append(
        ExactValueRow(
          "g = 0.8: λ_1 at N = \(size), matrix \(seed + 1)", exact: found.logRadius, measured: found.exponent,
          .within(10 / Double(steps)), remark: String(format: "ln ρ(W); ln g = %.4f", log(0.8))))
    }
    return rows
  }

  /// λ_1 of one network from a random start, and its weights.
  private static func exponent(
    gain: Double, size: Int, steps: Int, batch: Int, seed: Int
  ) throws -> (exponent: Double, weights: Matrix<Double>) {
    let network = GaussianNetwork(
      cell: .rnn, hiddenSize: size, inputSize: 1, recurrentScale: gain, inputScale: 0, seed: seed)
    let parameters = try network.parameters()
    let shape = network.shape(steps: steps, batch: batch)
    var start = network.stream(.other(2))
    var pass = SequencePass(
      cell: TanhCell(parameters: parameters), shape: shape,
      inputs: [Double](repeating: 0, count: shape.inputCount),
      initialState: InitialState(hidden: start.normals(shape.stateCount)))
    var tangents = network.stream(.tangentVectors)
    let leading = pass.leadingExponent(elements: batch, transient: steps / 4, stream: &tangents)
    return (leading.mean, parameters.weightHH)
  }
}
