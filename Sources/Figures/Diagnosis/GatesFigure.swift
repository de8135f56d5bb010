import Experiments
import GradientFlow
import TextFiles

/// Means and saturation of the gates over time and the norms of their gradients, one below the other; a column of panels
/// a layer and direction. Of a plain RNN the values of its units, of a rectified one the share that is off.
struct GatesFigure: DiagnosisFigure {
  let name = DiagnosisFigureName.gates
  let question = "Are the gates open, closed or saturated, and which of them do gradients reach?"

  private static let columns = [
    "layer", "direction", "gate", "step", "mean", "saturated_low", "saturated_high", "log10_gradient",
  ]

  func plot(of diagnosis: ModelDiagnosis) throws -> Plot {
    let cell = diagnosis.problem.model.cell
    let gates = cell.gates
    let quantities = GateQuantity.all(of: diagnosis)
    let panels = try LayerPanels(
      diagnosis, quantities: quantities.count, orElse: "gates were not measured: the plan omits them"
    ) { $0.gates != nil }
    let styles = gates.map { $0.look.style.dense(diagnosis.problem.steps) }
    let steps = diagnosis.problem.steps
    var plot = Plot(
      self, columns: Self.columns, title: gates.count == 1 ? "Units over time" : "Gates over time",
      statement: Markup.numbers(statement(panels, Activation(cell))),
      caption: FigureCaption(
        diagnosis, panels, statistic: "over batch and units",
        notes: (quantities.contains(.saturation)
          ? [
            gates.count == 1
              ? "saturated: h beyond ±0.9" : "saturated: below 0.1 or above 0.9, tanh beyond ±0.9"
          ]
          : []) + (steps > 400 ? ["400 of \(Brief.grouped(steps)) steps drawn"] : [])),
      legend: Legend.each(gates.map(\.look.label), styles), grid: panels.grid)
    let summaries = panels.layers.compactMap(\.gates).flatMap(\.bySteps)
    let axes = quantities.map { $0.axis(summaries, panels, gates) }
    for place in panels.places {
      guard let activity = place.layer.gates else { continue }
      let quantity = quantities[place.quantity]
      var panel = Panel(
        panels.title(place, quantity.title(gates), brief: quantity.rawValue), x: .time(steps),
        y: axes[place.quantity])
      if quantity != .gradient { panel.level(0) }
      if quantity == .saturation { panel.height = 13 }
      for (g, style) in styles.enumerated() {
        let block = block(place, activity, g, &plot)
        switch quantity {
        case .mean: panel.line(block, x: "step", y: "mean", style)
        case .saturation:
          panel.line(block, x: "step", y: "saturated_high", style)
          panel.line(block, x: "step", y: Coordinate("saturated_low", times: -1), style)
        case .off: panel.line(block, x: "step", y: "saturated_low", style)
        case .gradient: panel.line(block, x: "step", y: "log10_gradient", style)
        }
      }
      plot.panels.append(panel)
    }
    return plot
  }

  /// The data of a gate.
  private func block(
    _ place: LayerPanels.Place, _ activity: GateActivity, _ g: Int, _ plot: inout Plot
  ) -> DataBlock? {
    let steps = Array(1...place.layer.shape.steps).spread(400)
    let rows = steps.map { ($0 - 1) * activity.gates.count + g }
    func values(_ of: (GateActivity.Summary) -> Double?) -> [Double] {
      rows.map { of(activity.bySteps[$0]) ?? .nan }
    }
    return plot.block(
      place.fields + [Field(activity.gates[g].rawValue)], steps,
      [
        values(\.mean), values(\.low), values(\.high),
        steps.map { place.layer.steps.preactivation(gate: g, step: $0) },
      ])
  }

  /// How open the gate of memory is, and how much is saturated.
  private func statement(_ panels: LayerPanels, _ activation: Activation?) -> String {
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
      guard activation != .linear, let most = shares.max(by: { $0.1 < $1.1 }) else {
        return "mean of h \(Brief.number(mean(0, \.mean)))"
      }
      let memory =
        GateActivity.memoryGate(of: activity.gates).map {
          "\(activity.gates[$0].rawValue) is \(Brief.number(mean($0, \.mean))) on average, "
        } ?? ""
      if most.1 == 0 { return memory + "nothing is saturated" }
      if count == 1 { return "\(Brief.percent(most.1)) of the units are saturated" }
      return memory
        + "\(activity.gates[most.0].rawValue) saturates most: in \(Brief.percent(most.1)) of units and steps"
    }
  }
}
