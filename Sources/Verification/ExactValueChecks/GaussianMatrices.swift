import Foundation
import GradientFlow

/// Spectral radius, largest singular value and departure from normality of Gaussian matrices of variance 1/N.
struct GaussianMatrices: ExactValueSource {
  package let name = "Gaussian random matrices"
  package let source =
    "limits 1, 2 and 1/√2 (circular law, Girko 1984; Geman 1980); at finite N another program, about 200 "
    + "matrices"

  package func rows(_ effort: ExactValues.Effort) async throws -> [ExactValueRow] {
    var rows = try await Self.rows(32, radius: 1.058, radiusError: 0.004, largest: 1.909, matrices: 200)
    if effort == .whole {
      rows += try await Self.rows(128, radius: 1.046, radiusError: 0.0025, largest: 1.971, matrices: 300)
    }
    return rows
  }

  private static func rows(
    _ size: Int, radius: Double, radiusError: Double, largest: Double, matrices: Int
  ) async throws -> [ExactValueRow] {
    let spectra = try await concurrently(0..<matrices) { seed in
      var stream = RandomStream(rootSeed: 1986, trialSeed: UInt64(seed), purpose: .hiddenWeights(block: 0))
      return try MatrixSpectrum(of: try Initializer.gaussian.draw(size: size, from: &stream))
    }
    let radii = Sample(spectra.map(\.spectralRadius))
    let sigma = Sample(spectra.map(\.largestSingularValue))
    let departure = Sample(spectra.map { $0.henriciDeparture / $0.frobeniusNorm })
    let name = "N = \(size)"
    return [
      .mean("\(name): mean ρ", exact: radius, error: radiusError, of: radii),
      .mean(
        "\(name): mean ρ, the package's own table", exact: GaussianSpectralRadius.mean(size: size),
        error: 0.0003, of: radii),
      .mean(
        "\(name): mean σ_max", exact: largest, error: sigma.deviation / 200.0.squareRoot(), of: sigma),
      ExactValueRow(
        "\(name): mean Δ/‖W‖_F", exact: 0.5.squareRoot(), measured: departure.mean,
        .within(1 / Double(size)), remark: "limit; finite N within 1/N"),
    ]
  }
}
