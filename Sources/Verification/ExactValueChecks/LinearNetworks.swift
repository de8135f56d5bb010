import Foundation
import GradientFlow

/// Linear networks, whose gradients are powers of W_hh.
struct LinearNetworks: ExactValueSource {
  package let name = "Linear networks"
  package let source = "closed forms: W = gQ: σ_i(W^k) = g^k; normal W: |eig W|^k; any W: λ_i = ln |eig W|"

  package func rows(_ effort: ExactValues.Effort) async throws -> [ExactValueRow] {
    let size = effort == .quick ? 12 : 64
    let orthogonal = try await concurrently([0.9, 1, 1.1]) { try Self.orthogonal(size, gain: $0) }
    return orthogonal.flatMap { $0 } + Self.diagonal() + (try Self.normal())
      + (try Self.gaussian(steps: effort == .quick ? 4000 : 20_000))
  }

  private static func orthogonal(_ size: Int, gain: Double) throws -> [ExactValueRow] {
    var stream = RandomStream(rootSeed: 1986, trialSeed: 1, purpose: .other(3))
    let weights = try Initializer.orthogonal.draw(size: size, from: &stream).scaled(by: gain)
    let lags = [1, 10, 100, 1000]
    var pass = linearPass(weights, steps: 1000)
    let spectrum = pass.jacobianSpectrum(lags: lags)
    var rows = zip(spectrum.lags, spectrum.singularValues).map { lag, values in
      let exact = Double(lag) * log10(gain)
      return ExactValueRow.all(
        "g = \(gain): log10 σ(W^\(lag)), worst of \(size)", exact: exact, measured: values.map(\.log10),
        within: 1e-12 * max(1, exact.magnitude))
    }
    let norms = pass.diagnose(loss: FinalDotLoss(direction: stream.normals(size))).steps.hidden
    rows.append(
      ExactValueRow(
        "g = \(gain): log10 ‖δ_0‖/‖δ_1000‖", exact: 1000 * log10(gain), measured: norms[0] - norms[1000],
        .within(1e-12 * max(1, 1000 * log10(gain).magnitude))))
    let exponents = pass.lyapunovSpectrum(count: size, transient: 0, start: .random(stream)).exponents
    rows.append(
      .all("g = \(gain): λ, worst of \(size)", exact: log(gain), measured: exponents, within: 1e-12))
    return rows
  }

  private static func diagonal() -> [ExactValueRow] {
    let entries = [1.1, -0.7, 0.03, 1e-5]
    var weights = Matrix<Double>(rows: 4, columns: 4)
    for (k, entry) in entries.enumerated() { weights[k, k] = entry }
    var pass = linearPass(weights, steps: 1000)
    let values = pass.jacobianSpectrum(lags: [1000]).singularValues[0]
    let exponents = pass.lyapunovSpectrum(count: 4, transient: 0, start: .axes).exponents
    return entries.enumerated().map { k, entry in
      let exact = 1000 * log10(entry.magnitude)
      return ExactValueRow(
        "diagonal \(entry): log10 σ(W^1000)", exact: exact, measured: values[k].log10,
        .within(1e-12 * max(1, exact.magnitude)))
    }
      + entries.enumerated().map { k, entry in
        ExactValueRow(
          "diagonal \(entry): λ", exact: log(entry.magnitude), measured: exponents[k], .within(1e-12))
      }
  }

  /// Q B Qᵀ, B of rotations times r: eigenvalues r e^{±iθ}.
  private static func normal() throws -> [ExactValueRow] {
    let radii = [1.05, 0.9, 0.6, 0.2]
    let n = 2 * radii.count
    var stream = RandomStream(rootSeed: 1986, trialSeed: 2, purpose: .other(3))
    let q = try Initializer.orthogonal.draw(size: n, from: &stream)
    var weights = Matrix<Double>(rows: n, columns: n)
    for (k, r) in radii.enumerated() {
      let (c, s) = (r * cos(1 + Double(k)), r * sin(1 + Double(k)))
      for i in 0..<n {
        let (a, b) = (q[i, 2 * k] * c + q[i, 2 * k + 1] * s, q[i, 2 * k + 1] * c - q[i, 2 * k] * s)
        for j in 0..<n { weights[i, j] += a * q[j, 2 * k] + b * q[j, 2 * k + 1] }
      }
    }
    var pass = linearPass(weights, steps: 2000)
    let values = pass.jacobianSpectrum(lags: [1000]).singularValues[0].map(\.log10)
    let exponents = pass.lyapunovSpectrum(count: n, transient: 1000, start: .random(stream)).exponents
    return radii.enumerated().flatMap { k, r in
      // Eigenvalues of W itself have errors of ε ‖W‖, which small ones see more of, and 1000 times.
      let rounding = 1e-12 * radii[0] / r
      return [
        ExactValueRow.all(
          "normal, |eig| \(r) twice: log10 σ(W^1000)", exact: 1000 * log10(r),
          measured: Array(values[2 * k...2 * k + 1]), within: 1000 * rounding),
        ExactValueRow.all(
          "normal, |eig| \(r) twice: λ", exact: log(r), measured: Array(exponents[2 * k...2 * k + 1]),
          within: rounding),
      ]
    }
  }

  private static func gaussian(steps: Int) throws -> [ExactValueRow] {
    var stream = RandomStream(rootSeed: 1986, trialSeed: 3, purpose: .other(3))
    let weights = try Initializer.gaussian.draw(size: 16, spectralRadius: 0.95, from: &stream)
    let moduli = try weights.eigenvalues().map(\.magnitude).sorted(by: >)
    var pass = linearPass(weights, steps: steps)
    let exponents = pass.lyapunovSpectrum(count: 4, transient: steps / 4, start: .random(stream)).exponents
    // What a finite mean leaves of the shapes of the eigenvectors: of order 1/T.
    return (0..<4).map { k in
      ExactValueRow(
        "Gaussian, N = 16: λ_\(k + 1), \(steps) steps", exact: log(moduli[k]), measured: exponents[k],
        .within(4 / Double(steps)))
    }
  }
}
