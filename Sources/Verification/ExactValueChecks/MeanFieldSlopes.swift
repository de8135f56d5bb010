import Foundation
import GradientFlow
import Trials

/// Decay rates of wide random networks against χ, their mean field.
struct MeanFieldSlopes: ExactValueSource {
  package let name = "Mean field of plain networks"
  package let source =
    "Chen, Pennington & Schoenholz, ICML 2018: slope ½ log10 χ; q* and χ in another program, to 4 decimals; networks: "
    + "N = 1000, from a stationary start"

  /// What another program found.
  private static let table:
    [(weight: Double, input: Double, bias: Double, variance: Double, factor: Double, slope: Double)] = [
      (0.5, 0.5, 0, 0.2992, 0.1716, -0.3828),
      (0.9, 0.5, 0.1, 0.4750, 0.4876, -0.1560),
      (1, 1, 0, 1.4639, 0.3989, -0.1996),
      (1.3, 0.5, 0.1, 0.8911, 0.8199, -0.0431),
      (1.5, 1, 0, 2.2093, 0.7530, -0.0616),
      (2, 0.3, 0, 2.2538, 1.3271, 0.0614),
    ]

  package func rows(_ effort: ExactValues.Effort) async throws -> [ExactValueRow] {
    var rows: [ExactValueRow] = []
    for (w, v, b, variance, factor, slope) in Self.table {
      let theory = MeanField(activation: .tanh, recurrentScale: w, inputScale: v, biasScale: b)
      let name = "tanh σ = \(w), \(v), \(b)"
      rows += [
        .printed("\(name): q*", variance, decimals: 4, measured: theory.preactivationVariance),
        .printed("\(name): χ", factor, decimals: 4, measured: theory.gradientFactor),
        .printed("\(name): ½ log10 χ", slope, decimals: 4, measured: theory.decadesPerStep),
      ]
      if effort == .whole { rows.append(try await Self.slope(name, .rnn, theory)) }
    }
    for cell in [CellKind.rnnLinear, .rnnRelu] {
      guard let activation = Activation(cell) else { continue }
      let theory = MeanField(activation: activation, recurrentScale: 1, inputScale: 1)
      let exact = activation == .relu ? -0.5 * log10(2.0) : 0.0
      let name = "\(activation) σ = 1, 1, 0"
      rows.append(
        ExactValueRow("\(name): ½ log10 χ", exact: exact, measured: theory.decadesPerStep, .within(1e-14)))
      if effort == .whole { rows.append(try await Self.slope(name, cell, theory)) }
    }
    return rows + (try await Self.pyTorchDefault(simulates: effort == .whole))
  }

  /// The mean rate of networks of 1,000 units; rates differ by O(1/N), less than their error here.
  private static func slope(_ name: String, _ cell: CellKind, _ theory: MeanField) async throws
    -> ExactValueRow
  {
    let rates = try await Sample(seeds: 24) { seed in
      let network = GaussianNetwork(
        cell: cell, hiddenSize: 1000, inputSize: 300, recurrentScale: theory.recurrentScale,
        inputScale: theory.inputScale, biasScale: theory.biasScale, seed: seed)
      let parameters = try network.parameters()
      return rate(network, parameters, steps: 30, batch: 2, startVariance: theory.preactivationVariance)
    }
    return .mean(
      "\(name): slope of networks", exact: theory.decadesPerStep, of: rates,
      remark: String(format: "s.e. %.4f, 24 seeds", rates.standardError))
  }

  /// H = 128, I = 8, all parameters U(−1/√H, 1/√H): σ_w² = 1/3.
  ///
  /// Such a network is almost linear, and its slope goes over from ½ log10 χ at early lags to that and log10 ρ_N, by
  /// 0.02, at late ones: over 50 steps it is 0.01 above the limit of wide networks.
  private static func pyTorchDefault(simulates: Bool) async throws -> [ExactValueRow] {
    let variance = 1.0 / 3 / 128
    let theory = MeanField(
      activation: .tanh, recurrentScale: (1.0 / 3).squareRoot(), inputScale: (8 * variance).squareRoot(),
      biasScale: (2 * variance).squareRoot())
    let name = "PyTorch's default, H = 128, I = 8"
    var rows = [
      ExactValueRow.printed("\(name): χ", 0.3110, decimals: 4, measured: theory.gradientFactor),
      .printed("\(name): ½ log10 χ", -0.2536, decimals: 4, measured: theory.decadesPerStep),
    ]
    guard simulates else { return rows }
    let rates = try await Sample(seeds: 48) { seed in
      let network = GaussianNetwork(
        cell: .rnn, hiddenSize: 128, inputSize: 8, recurrentScale: 1, inputScale: 1, seed: seed)
      var parameters = try network.parameters()
      var stream = network.stream(.other(4))
      func draw(_ count: Int) -> [Double] {
        (0..<count).map { _ in (2 * stream.uniform() - 1) / 128.0.squareRoot() }
      }
      parameters.weightHH.values = draw(128 * 128)
      parameters.weightIH.values = draw(128 * 8)
      (parameters.biasIH, parameters.biasHH) = (draw(128), draw(128))
      return rate(network, parameters, steps: 50, batch: 4, startVariance: 0)
    }
    rows.append(
      .mean(
        "\(name): slope, other networks", exact: -0.2439, error: 0.0023, of: rates,
        remark: "between ½ log10 χ and that + log10 ρ_N"))
    return rows
  }

  private static func rate(
    _ network: GaussianNetwork, _ parameters: RecurrentParameters<Double>, steps: Int, batch: Int,
    startVariance q: Double
  ) -> Double {
    let shape = network.shape(steps: steps, batch: batch)
    var normals = network.stream(.other(3))
    let scale = q.isFinite ? q.squareRoot() : 0
    // h_0 = φ(√q* z): no transient of the forward pass.
    let hidden = normals.normals(shape.stateCount).map { z -> Double in
      switch network.cell {
      case .rnn: return tanh(scale * z)
      case .rnnRelu: return max(0, scale * z)
      default: return scale * z
      }
    }
    let problem = GradientProblem(
      cell: network.cell, shape: shape, parameters: parameters, inputs: network.inputs(shape),
      initialState: InitialState(hidden: hidden), loss: network.loss())
    guard case .gradients(let found) = problem.diagnose() else { return .nan }
    return found.steps.decayRate?.rate ?? .nan
  }
}
