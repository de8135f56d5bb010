import Experiments
import GradientFlow
import TextFiles

/// What a row of panels of the figure gates shows, over time.
enum GateQuantity: String {
  case mean
  case saturation = "saturated"
  case off, gradient

  /// Only squashed units saturate, which is shown where some do, and only rectified ones are off.
  static func all(of diagnosis: ModelDiagnosis) -> [GateQuantity] {
    let activation = Activation(diagnosis.problem.model.cell)
    if activation == .relu { return [.mean, .off, .gradient] }
    let saturates = diagnosis.layers.contains { layer in
      layer.gates.map { $0.bySteps.contains { ($0.saturated ?? 0) > 0 } } ?? false
    }
    return activation != .linear && saturates ? [.mean, .saturation, .gradient] : [.mean, .gradient]
  }

  func title(_ gates: [Gate]) -> String {
    let what = gates.count == 1 ? "units" : "gates"
    switch self {
    case .mean: return "mean of \(what)"
    case .saturation: return "saturated \(what)"
    case .off: return "\(what) that are off"
    case .gradient: return "gradient of \(what)"
    }
  }

  /// Shares reach half at least: a single unit must not fill the panel.
  func axis(
    _ summaries: [GateActivity.Summary], _ panels: LayerPanels, _ gates: [Gate]
  ) -> PanelAxis {
    switch self {
    case .mean:
      return .numbers("mean", summaries.map(\.mean) + [0] + (gates.count > 1 ? [1] : []), tics: 5)
    case .saturation:
      let most = summaries.flatMap { [$0.low ?? 0, $0.high ?? 0] }.max() ?? 0
      let top = most > 0.5 ? 1.0 : 0.5
      return PanelAxis(
        label: "share: low ← 0 → high", low: -1.06 * top, high: 1.06 * top,
        tics: (-2...2).map { k in
          let share = Double(k) * top / 2
          return PanelAxis.Tic(place: share, name: Brief.number(share.magnitude))
        })
    case .off:
      return .numbers("share of units off", summaries.compactMap(\.low) + [0, 0.5], tics: 5)
    case .gradient:
      return .decades("‖∂L/∂a_t‖ (whole batch)", panels.layers.flatMap(\.steps.preactivationByGate), tics: 5)
    }
  }
}
