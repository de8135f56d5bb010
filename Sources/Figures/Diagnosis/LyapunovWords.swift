import GradientFlow
import TextFiles

/// What Lyapunov exponents say: whether perturbations grow, and at what rate.
enum LyapunovWords {
  /// The leading exponent and what is compared with it; a slope refreshed by a loss at several steps is no
  /// match.
  static func statement(_ panels: LayerPanels) -> String {
    // Within two standard errors of 0 nothing is said; where there is no error the number stands for itself.
    let signs = panels.layers.compactMap { layer -> Int? in
      guard let spectrum = layer.lyapunov?.spectrum, let leading = spectrum.exponents.first else {
        return nil
      }
      let margin = spectrum.standardErrors[0].isNaN ? 0 : 2 * spectrum.standardErrors[0]
      return leading + margin < 0 ? -1 : leading - margin > 0 ? 1 : 0
    }
    let verdict =
      signs.allSatisfy { $0 < 0 }
      ? "Perturbations die out"
      : signs.allSatisfy { $0 > 0 }
        ? "Perturbations grow"
        : signs.allSatisfy { $0 == 0 }
          ? "Perturbations neither grow nor die out beyond the error" : "Perturbations grow where λ_1 > 0"
    return "\(verdict). λ_1 in nats per step: "
      + panels.sentence { layer in
        guard let report = layer.lyapunov, let leading = report.spectrum.exponents.first else {
          return nil
        }
        if leading.isNaN { return "unknown" }
        if leading == -.infinity { return "−∞, a singular step removes every perturbation" }
        let slope = layer.hasPlainDecay ? report.gradientSlope : nil
        return number(leading) + error(report.spectrum)
          + (slope.map { ", the gradient's slope \(number($0))" } ?? "")
      }
  }

  /// What cannot be drawn.
  static func notes(_ exponents: [Double]) -> [String] {
    let infinite = exponents.count { $0 == -.infinity }
    let unknown = exponents.count(where: \.isNaN)
    return [(infinite, "−∞: a step is singular"), (unknown, "unknown: rounding decides")].filter { $0.0 > 0 }
      .map { "\($0.0) of \(exponents.count) are \($0.1)" }
  }

  /// A rate with its sign.
  static func number(_ value: Double) -> String {
    value.isNaN ? "unknown" : value == -.infinity ? "−∞" : Markup.numbers(Brief.signed(value))
  }

  /// The standard error of the leading exponent; empty where it is not known.
  static func error(_ spectrum: LyapunovSpectrum) -> String {
    let error = spectrum.standardErrors.first ?? .nan
    return error.isNaN ? "" : " ± \(Brief.rounded(error))"
  }
}
