import Foundation
import GradientFlow

/// log10 (‖δ_0‖ / ‖δ_50‖) of LSTMs with the same weights at every step: dynamic mean field and networks.
struct TiedLSTMGradients: ExactValueSource {
  package let name = "Mean field of tied LSTMs"
  // An earlier solution of the same equations is up to 0.08 off a finer one and off networks of 2,000 units: it is shown
  // beside and decides nothing.
  package let source =
    "log10 ‖δ_0‖/‖δ_50‖ in other programs: the same theory, 20 solutions of 24,000 sites; networks, N = 1000, 10 seeds. "
    + "An earlier solution is shown only: it is up to 0.08 off both"

  /// What other programs found.
  private typealias Row = (
    weight: Double, input: Double, forgetBias: Double, limit: Double, earlier: Double, simulated: Double,
    simulatedError: Double, forgetPath: Double, pathDecimals: Int
  )

  private static let table: [Row] = [
    (1, 1, 0, -10.2539, -10.278, -10.291, 0.042, -17.6, 1),
    (1, 1, 1, -5.0469, -5.075, -5.061, 0.036, -8.9, 1),
    (1, 1, 5, -0.2914, -0.297, -0.302, 0.019, -0.26, 2),
    (2, 0.5, 1, 0.0098, -0.040, 0.003, 0.030, -7.9, 1),
    (4, 0.5, 1, 2.9619, 2.882, 2.896, 0.074, -11.3, 1),
  ]

  /// How far networks of 1,000 units may be above infinitely wide ones, in decades, beside their standard error. At
  /// σ_w = s = b_f = 1 another program finds 0.028 ± 0.006 at N = 125, 0.016 ± 0.005 at 250 and at 500, 0.012 ± 0.004 at
  /// 1,000, 0.004 ± 0.004 at 2,000; this is the first of them times 125/1000.
  private static let finiteSize = 0.004

  package func rows(_ effort: ExactValues.Effort) async throws -> [ExactValueRow] {
    let quick = effort == .quick
    let theories = try await concurrently(Self.table) { row in
      TiedLSTMMeanField(
        recurrentScale: row.weight, inputScale: row.input, forgetBias: row.forgetBias, steps: 50,
        sites: quick ? 1000 : 8000, replicas: quick ? 4 : 8)
    }
    var rows: [ExactValueRow] = []
    for (row, theory) in zip(Self.table, theories) {
      let name = "σ_w \(row.weight), s \(row.input), b_f \(row.forgetBias)"
      let (limit, limitError) = (theory.log10Norms[0], theory.log10Errors[0])
      rows.append(
        ExactValueRow(
          "\(name): mean field, the other solution", exact: row.limit, measured: limit,
          .standardErrors(hypot(limitError, 0.006), limit: 4),
          remark: String(format: "s.e. %.3f; the earlier solution: %.3f", limitError, row.earlier)))
      rows.append(
        ExactValueRow(
          "\(name): mean field, other networks", exact: row.simulated, measured: limit,
          .standardErrors(hypot(limitError, row.simulatedError), limit: 3)))
      if quick { continue }
      let runs = try await concurrently(0..<24) { seed in
        try Self.network(row, seed: seed)
      }
      let norms = Sample(runs.map(\.decades))
      let (mean, error) = norms.rootMeanSquare
      rows += [
        ExactValueRow(
          "\(name): own networks (r.m.s.), mean field", exact: limit, measured: mean,
          .within(3 * hypot(error, limitError) + Self.finiteSize),
          remark: String(
            format: "%+.1f s.e. of %.3f; allowed 3, and 0.004 for N",
            (mean - limit) / hypot(error, limitError), error)),
        .mean(
          "\(name): own networks (mean log), other networks", exact: row.simulated, error: row.simulatedError,
          of: norms),
      ]
      let path = Sample(runs.map(\.forgetPath))
      rows.append(
        ExactValueRow(
          "\(name): forget path", exact: row.forgetPath, measured: path.mean,
          .within(halfUnit(row.pathDecimals) + 3 * path.standardError)))
    }
    return rows
  }

  /// One network of 1,000 units, four sequences: the ratio of norms, and T · E log10 f.
  private static func network(_ row: Row, seed: Int) throws -> (decades: Double, forgetPath: Double) {
    let network = GaussianNetwork(
      cell: .lstm, hiddenSize: 1000, inputSize: 250, recurrentScale: row.weight, inputScale: row.input,
      forgetBias: row.forgetBias, seed: seed)
    let shape = network.shape(steps: 50, batch: 4)
    var pass = SequencePass(
      cell: LSTMCell(parameters: try network.parameters()), shape: shape, inputs: network.inputs(shape))
    let norms = pass.diagnose(loss: network.loss()).steps.hidden
    let path = pass.gateActivity().log10MemoryProduct
    return (norms[0] - norms[50], path.reduce(0, +) / Double(path.count))
  }
}
