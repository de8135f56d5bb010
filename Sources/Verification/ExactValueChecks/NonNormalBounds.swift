import Foundation
import GradientFlow

/// Measures of non-normality: closed forms of small matrices, and the inequalities between them.
struct NonNormalBounds: ExactValueSource {
  package let name = "Non-normal matrices"
  package let source =
    "Trefethen & Embree 2005: K ≤ sup ‖W^k‖ ≤ eHK, ‖W^k‖ ≤ 2w^k (Berger), ‖W^k‖ ≤ Σ_j C(k,j) ρ^{k−j} Δ^j (Henrici); "
    + "closed forms of [[0, b], [0, 0]] and of a Jordan block"

  package func rows(_ effort: ExactValues.Effort) throws -> [ExactValueRow] {
    try nilpotent(10) + jordan(12) + triangular()
  }

  /// [[0, b], [0, 0]]: w = b/2, Δ = b, and for b ≥ 2 K = b/4 + 1/b.
  private func nilpotent(_ b: Double) throws -> [ExactValueRow] {
    let matrix = Matrix(rows: 2, columns: 2, values: [0, b, 0, 0])
    let spectrum = try MatrixSpectrum(of: matrix)
    return [
      ExactValueRow("[[0, 10], [0, 0]]: ρ", exact: 0, measured: spectrum.spectralRadius, .within(1e-14)),
      ExactValueRow("[[0, 10], [0, 0]]: Δ", exact: b, measured: spectrum.henriciDeparture, .within(1e-13)),
      ExactValueRow(
        "[[0, 10], [0, 0]]: w", exact: b / 2, measured: try matrix.numericalRadius(), .within(1e-9)),
      ExactValueRow(
        "[[0, 10], [0, 0]]: K", exact: b / 4 + 1 / b, measured: try matrix.kreissConstant(), .within(1e-6)),
    ]
  }

  /// Ones above the diagonal: w = cos(π/(n+1)).
  private func jordan(_ n: Int) throws -> [ExactValueRow] {
    var matrix = Matrix<Double>(rows: n, columns: n)
    for i in 0..<n - 1 { matrix[i, i + 1] = 1 }
    return [
      ExactValueRow(
        "Jordan block of \(n): w", exact: cos(.pi / Double(n + 1)), measured: try matrix.numericalRadius(),
        .within(1e-9))
    ]
  }

  /// H = 20, diagonal 0.9, entries above it 0.1 N(0, 1).
  private func triangular() throws -> [ExactValueRow] {
    let n = 20
    var stream = RandomStream(rootSeed: 1986, trialSeed: 1, purpose: .other(9))
    var matrix = Matrix<Double>(rows: n, columns: n)
    for i in 0..<n {
      matrix[i, i] = 0.9
      for j in i + 1..<max(n, i + 1) { matrix[i, j] = 0.1 * stream.normal() }
    }
    let spectrum = try MatrixSpectrum(of: matrix)
    let radius = try matrix.numericalRadius()
    let kreiss = try matrix.kreissConstant()
    let growth = try matrix.transientGrowth(upTo: 400)
    let peak = growth.peakNorm?.double ?? .nan
    let power = growth.peakPower ?? 1
    var rows = [
      ExactValueRow("triangular, H = 20: ρ", exact: 0.9, measured: spectrum.spectralRadius, .within(1e-14)),
      ExactValueRow("w ≥ ρ", exact: spectrum.spectralRadius, measured: radius, .atLeast),
      ExactValueRow("w ≥ σ_max/2", exact: spectrum.largestSingularValue / 2, measured: radius, .atLeast),
      ExactValueRow("w ≤ σ_max", exact: spectrum.largestSingularValue, measured: radius, .atMost),
      ExactValueRow("sup ‖W^k‖ ≥ K", exact: kreiss, measured: peak, .atLeast, remark: "at k = \(power)"),
      ExactValueRow("sup ‖W^k‖ ≤ e·H·K", exact: M_E * Double(n) * kreiss, measured: peak, .atMost),
    ]
    let lags = [1, 10, power, 399].sorted()
    var pass = linearPass(matrix, steps: 399)
    let powers = pass.jacobianSpectrum(lags: lags)
    for (lag, values) in zip(powers.lags, powers.singularValues) {
      let norm = values[0].log10
      rows += [
        ExactValueRow(
          "log10 ‖W^\(lag)‖ ≤ log10 2w^\(lag)", exact: log10(2.0) + Double(lag) * log10(radius),
          measured: norm,
          .atMost),
        ExactValueRow(
          "log10 ‖W^\(lag)‖ ≤ Henrici",
          exact: Self.henrici(lag, spectrum.spectralRadius, spectrum.henriciDeparture, size: n),
          measured: norm,
          .atMost),
      ]
      if lag == power {
        rows.append(
          ExactValueRow(
            "log10 ‖W^\(lag)‖ by powers", exact: growth.peakNorm?.log10 ?? .nan, measured: norm,
            .within(1e-10)))
      }
    }
    return rows
  }

  /// log10 Σ_{j < H} C(k, j) ρ^{k−j} Δ^j.
  private static func henrici(_ k: Int, _ radius: Double, _ departure: Double, size: Int) -> Double {
    let sum = (0..<min(size, k + 1)).reduce(0.0) { sum, j in
      let choose = lgamma(Double(k + 1)) - lgamma(Double(j + 1)) - lgamma(Double(k - j + 1))
      return sum + exp(choose + Double(k - j) * log(radius) + Double(j) * log(departure))
    }
    return log10(sum)
  }
}
