import Foundation
import GradientFlow

/// ∂c_T/∂c_0 of an LSTM: the whole product against the forget path Π f_t.
struct CellGradientPaths: ExactValueSource {
  package let name = "∂c_T/∂c_0 of LSTMs, whole and by the forget path"
  package let source =
    "medians of 10 in another program: log10 of the r.m.s. singular value; H = 64, T = 50, I = 8, x ~ N(0, 1), "
    + "W_ih ~ N(0, 1/I), each block of W_hh at spectral radius ρ"

  private static let table:
    [(forgetBias: Double, radius: Double, whole: Double, path: Double, decimals: Int)] =
      [
        (1, 0.1, -7.15, -7.35, 2), (1, 0.5, -5.98, -7.27, 2), (1, 1, -4.42, -7.04, 2),
        (1, 1.5, -2.89, -6.74, 2),
        (5, 0.5, 0.28, -0.22, 2), (5, 1, 0.80, -0.23, 2), (0, 1, -10.0, -14.9, 1),
      ]

  package func rows(_ effort: ExactValues.Effort) async throws -> [ExactValueRow] {
    let seeds = effort == .quick ? 6 : 60
    var rows: [ExactValueRow] = []
    for (bias, radius, whole, path, decimals) in Self.table {
      let found = try await concurrently(0..<seeds) { seed in
        try Self.decades(forgetBias: bias, spectralRadius: radius, seed: seed)
      }
      for (name, exact, sample) in [
        ("whole", whole, Sample(found.map(\.whole))), ("forget path", path, Sample(found.map(\.path))),
      ] {
        let error = hypot(sample.medianError(of: seeds), sample.medianError(of: 10))
        rows.append(
          ExactValueRow(
            "b_f = \(bias), ρ = \(radius): \(name)", exact: exact, measured: sample.median,
            .standardErrors(hypot(error, halfUnit(decimals)), limit: 3),
            remark: String(format: "median of %d; s.e. of both %.2f", seeds, error)))
      }
    }
    return rows
  }

  private static func decades(
    forgetBias: Double, spectralRadius: Double, seed: Int
  ) throws -> (whole: Double, path: Double) {
    var pass = try scaledLSTMPass(
      forgetBias: forgetBias, spectralRadius: spectralRadius, steps: 50, seed: seed)
    let whole = pass.jacobianSpectrum(.cell, lags: [50]).singularValues[0]
    let path = pass.gateActivity().log10MemoryProduct.map { ScaledNumber(powerOfTen($0)) }
    func rootMeanSquare(_ values: [ScaledNumber]) -> Double {
      ScaledNumber.euclideanNorm(values).log10 - log10(Double(values.count)) / 2
    }
    return (rootMeanSquare(whole), rootMeanSquare(path))
  }
}
