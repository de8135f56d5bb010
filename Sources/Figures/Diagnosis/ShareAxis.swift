import GradientFlow
import TextFiles

/// The axis of signed shares. A few far outliers, where the whole nearly cancels, do not stretch it.
struct ShareAxis {
  let axis: PanelAxis

  init(_ shares: [Double]) {
    let low = min(0, quantile(shares, 0.01) ?? 0)
    let high = max(1, quantile(shares, 0.99) ?? 1)
    let room = 0.3 * (high - low)
    axis = .numbers(
      "share of ∂L/∂c_t", shares.filter { $0 >= low - room && $0 <= high + room } + [0, 1], tics: 5)
  }

  /// How far shares go where they leave the axis.
  func note(_ layer: LayerDiagnosis) -> String? {
    let shares = layer.allShares.filter { !$0.isNaN }
    guard let least = shares.min(), let greatest = shares.max(), least < axis.low || greatest > axis.high
    else { return nil }
    return Markup.numbers("shares from \(Brief.number(least)) to \(Brief.number(greatest)): parts cancel")
  }
}

extension LayerDiagnosis {
  /// Of every path of ∂L/∂c_t, t = 1…T.
  var allShares: [Double] {
    GradientPath.allCases.flatMap { paths?.shares($0).dropFirst() ?? [] }
  }
}
