import Experiments
import GradientFlow

/// Means and saturation of the gates over time and the norms of their gradients, one below the other; a column of panels
/// a layer and direction. Of a plain RNN the values of its units, of a rectified one the share that is off.
struct GatesFigure: DiagnosisFigure {
  let name = DiagnosisFigureName.gates
  let question = "Are the gates open, closed or saturated, and which of them do gradients reach?"

  private static let columns = [
    "layer", "direction", "gate", "step", "mean", "saturated_low", "saturated_high",
    "log10_gradient",
  ]

  /// What the rows of panels show.
  private enum Quantity {
    case mean, saturation, off, gradient
  }

  func drawing(of diagnosis: ModelDiagnosis) throws -> FigureDrawing {
    let cell = diagnosis.problem.model.cell
    // Only squashed units saturate, and only rectified ones are off.
    let activation = Activation(cell)
    let saturates = activation == .tanh || activation == nil
    let quantities: [Quantity] =
      saturates
      ? [.mean, .saturation, .gradient]
      : activation == .relu ? [.mean, .off, .gradient] : [.mean, .gradient]
    let panels = try LayerPanels(
      diagnosis, quantities: quantities.count,
      orElse: "gates were not measured: the plan omits them"
    ) { $0.gates != nil }
    let gates = cell.gates
    var page = FigurePage(
      self, columns: Self.columns, title: gates.count == 1 ? "Units over time" : "Gates over time",
      subtitle: statement(panels, saturates: saturates),
      caption: FigureCaption(
        diagnosis, panels, statistic: "over batch and units",
        notes: saturates
          ? [
            gates.count == 1
              ? "saturated: h beyond ±0.9" : "saturated: below 0.1 or above 0.9, tanh beyond ±0.9"
          ] : []),
      styles: gates.map { $0.look.style.dense(diagnosis.problem.steps) },
      legend: Legend.each(gates.map(\.look.label)), grid: panels.grid())
    let activities = panels.layers.compactMap(\.gates)
    let meanAxis = DecadeAxis(
      activities.flatMap { $0.bySteps.map(\.mean) } + [0] + (gates.count > 1 ? [1] : []),
      kind: .numbers, tics: 5)
    let offAxis = DecadeAxis(
      activities.flatMap { $0.bySteps.compactMap(\.low) } + [0], kind: .numbers, tics: 5)
    let gradientAxis = DecadeAxis(
      panels.layers.flatMap { $0.steps.preactivationByGate }, tics: 5)
    page.add(gradientAxis.functions)
    page.add(DecadeAxis.countCommands(diagnosis.problem.steps))
    for panel in panels.panels {
      let quantity = quantities[panel.quantity]
      let (what, label) = words(quantity, gates)
      page.beginPanel(panels.title(panel, what), x: "step t", y: label)
      let (axis, columns) =
        switch quantity {
        case .mean: (meanAxis.commands(labelled: page.isAtLeft), ["column(mean)"])
        case .saturation:
          (
            Self.mirroredAxis(activities, shown: page.isAtLeft),
            ["column(saturated_high)", "-column(saturated_low)"]
          )
        case .off: (offAxis.commands(labelled: page.isAtLeft), ["column(saturated_low)"])
        case .gradient: (gradientAxis.commands(labelled: page.isAtLeft), ["shown(log10_gradient)"])
        }
      page.add(axis)
      if quantity != .gradient { page.rule(at: 0) }
      for column in columns { draw(panel, "(\(column))", &page) }
      page.plot()
    }
    return page.finished()
  }

  /// Shares saturated high upwards, low downwards, without a sign.
  private static func mirroredAxis(_ activities: [GateActivity], shown: Bool) -> [String] {
    let most = activities.flatMap { $0.bySteps.flatMap { [$0.low ?? 0, $0.high ?? 0] } }.max() ?? 0
    let top = max(0.1, most)
    let step = DecadeAxis.niceStep(top / 2.5)
    let tics = (-2...2).filter { Double(abs($0)) * step <= top * 1.001 }.map { k in
      (CSVField.number(Double(fixed(Double(abs(k)) * step))), Double(k) * step)
    }
    return [PlotAxis.y.range(-1.06 * top, 1.06 * top), PlotAxis.y.tics(tics, labelled: shown)]
  }

  /// What a panel shows, and its y axis.
  private func words(_ quantity: Quantity, _ gates: [Gate]) -> (title: String, axis: String) {
    let what = gates.count == 1 ? "units" : "gates"
    switch quantity {
    case .mean: return ("mean of \(what)", "mean")
    case .saturation: return ("saturated \(what)", "low ← saturated share → high")
    case .off: return ("\(what) that are off", "share of units off")
    case .gradient: return ("gradient of \(what)", "‖∂L/∂a_t‖ (whole batch)")
    }
  }

  /// Draws a curve a gate.
  private func draw(_ panel: LayerPanels.Panel, _ y: String, _ page: inout FigurePage) {
    guard let activity = panel.layer.gates else { return }
    let steps = Array(1...panel.layer.shape.steps).spread(2000)
    let count = activity.gates.count
    for (g, gate) in activity.gates.enumerated() {
      let places = steps.map { ($0 - 1) * count + g }
      func values(_ of: (GateActivity.Summary) -> Double?) -> [Double] {
        places.map { of(activity.bySteps[$0]) ?? .nan }
      }
      let block = page.block(
        panel.fields + [gate.rawValue], steps,
        [
          values(\.mean), values(\.low), values(\.high),
          places.map { panel.layer.steps.preactivationByGate[$0] },
        ])
      page.draw(block, x: "step", y: y, linetype: g + 1)
    }
  }

  /// How much is saturated, and which gate has most of the gradient.
  private func statement(_ panels: LayerPanels, saturates: Bool) -> String {
    panels.sentence { layer in
      guard let activity = layer.gates else { return nil }
      let (count, steps) = (activity.gates.count, layer.shape.steps)
      func mean(_ g: Int, _ of: (GateActivity.Summary) -> Double?) -> Double {
        (0..<steps).reduce(0.0) { $0 + (of(activity.bySteps[$1 * count + g]) ?? .nan) } / Double(steps)
      }
      let shares = activity.gates.indices.map { g in (g, mean(g, \.saturated)) }
      if let dead = activity.deadUnits {
        return "\(Brief.percent(mean(0, \.low))) of the units are off"
          + (dead > 0 ? ", \(dead) of \(layer.shape.hiddenSize) throughout" : "")
      }
      guard saturates, let most = shares.max(by: { $0.1 < $1.1 }) else {
        return "mean of h \(Brief.number(mean(0, \.mean)))"
      }
      let memory =
        GateActivity.memoryGate(of: activity.gates).map {
          "mean \(activity.gates[$0].rawValue) \(Brief.number(mean($0, \.mean))), "
        } ?? ""
      if most.1 == 0 { return memory + "nothing is saturated" }
      if count == 1 { return "\(Brief.percent(most.1)) of the units are saturated" }
      return memory + "\(activity.gates[most.0].rawValue) saturates most, \(Brief.percent(most.1))"
    }
  }
}
