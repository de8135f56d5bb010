import Experiments
import GradientFlow
import TextFiles

/// The steps' contributions g_t to ∂L/∂W_hh by gate: their norms against lag, and below whether they point the way of
/// the total; a column of panels a layer and direction.
struct AlignmentFigure: DiagnosisFigure {
  let name = DiagnosisFigureName.contributions
  let question = "Which steps make up the gradient of W_hh, and do they point the same way?"

  private static let columns = ["layer", "direction", "gate", "lag", "log10_norm", "cosine"]

  /// A gate, or all of them together.
  private struct Part {
    let gate: Int?
    let field: Field
    let label: String
    let style: CurveStyle
  }

  func plot(of diagnosis: ModelDiagnosis) throws -> Plot {
    let panels = try LayerPanels(
      diagnosis, quantities: 2, orElse: "contributions were not measured: the plan omits them"
    ) { $0.alignment != nil }
    let steps = diagnosis.problem.steps
    let parts = parts(diagnosis.problem.model.cell.gates, steps)
    var plot = Plot(
      self, columns: Self.columns, title: "What each step adds to the gradient of W_{hh}",
      statement: statement(panels),
      caption: FigureCaption(
        diagnosis, panels,
        notes: [
          "g_t: what step t adds to ∂L/∂W_{hh}, whole batch",
          "‖Σ g_t‖ / Σ ‖g_t‖: 100 % if all point the same way, 0 if they cancel",
        ] + Lags.note(steps)),
      legend: Legend.each(parts.map(\.label), parts.map(\.style)), grid: panels.grid)
    let norms = PanelAxis.decades(
      "‖g_t‖",
      panels.layers.flatMap { layer in parts.flatMap { layer.alignment?.log10Norms(gate: $0.gate) ?? [] } },
      tics: 5)
    let cosines = PanelAxis(
      label: "cosine of g_t and Σ g_t", low: -1.08, high: 1.08,
      tics: [-1, -0.5, 0, 0.5, 1].map { PanelAxis.Tic(place: $0, name: Brief.tic($0, step: 0.5)) })
    for place in panels.places {
      guard let alignment = place.layer.alignment else { continue }
      let isNorm = place.quantity == 0
      var panel = Panel(
        panels.title(place, isNorm ? "how large" : "which way"), x: .lag(steps), y: isNorm ? norms : cosines)
      if !isNorm {
        panel.level(0)
        panel.level(1, .limit, label: "along the total")
        panel.level(-1, .limit, label: "against the total")
        panel.key = PanelKey(title: "‖Σ g_t‖ / Σ ‖g_t‖", entries: parts.map { share(alignment, $0) })
      }
      let samples = LagSamples(steps: place.layer.shape.steps)
      for part in parts {
        let values = alignment.cosines(gate: part.gate)
        let block = plot.block(
          place.fields + [part.field], samples.lags,
          [samples.ofSteps(alignment.log10Norms(gate: part.gate)), samples.ofSteps(values)])
        // gnuplot warns of curves without a point.
        if isNorm || values.contains(where: { !$0.isNaN }) {
          panel.line(block, y: isNorm ? "log10_norm" : "cosine", part.style)
        }
      }
      plot.panels.append(panel)
    }
    return plot
  }

  /// By gate and together; of a plain RNN there is the one block.
  private func parts(_ gates: [Gate], _ steps: Int) -> [Part] {
    let isSeveral = gates.count > 1
    let all = Part(
      gate: nil, field: "all", label: isSeveral ? "all gates" : "W_{hh}",
      style: CurveStyle(.black, [], 7, width: isSeveral ? 2.6 : 2).dense(steps))
    guard isSeveral else { return [all] }
    return gates.enumerated().map { k, gate in
      Part(
        gate: k, field: Field(gate.rawValue), label: gate.look.label,
        style: gate.look.style.wide(1.4).dense(steps))
    } + [all]
  }

  /// How long the sum of a part is beside its contributions laid end to end.
  private func share(_ alignment: StepAlignment, _ part: Part) -> LegendEntry {
    let name = part.gate == nil ? part.label : part.label.split(separator: " ").last.map(String.init) ?? ""
    let share = alignment.cancellation(gate: part.gate).map(Brief.percent) ?? "all g_t are 0"
    return LegendEntry("\(name): \(share)", .line, part.style)
  }

  /// How far contributions cancel.
  private func statement(_ panels: LayerPanels) -> String {
    let ratios = panels.layers.map { $0.alignment?.cancellation() }
    guard ratios.contains(where: { $0 != nil }) else { return "Every contribution is 0" }
    let verdict = ratios.contains { ($0 ?? 1) < 0.9 } ? "Contributions partly cancel" : "Contributions add up"
    let subject =
      panels.isSingle ? "the norm of their sum is " : "norm of their sum beside the sum of their norms: "
    return "\(verdict): \(subject)"
      + panels.sentence { layer in
        guard let alignment = layer.alignment, let ratio = alignment.cancellation() else {
          return "all are 0"
        }
        let against = alignment.cosines().count { $0 < 0 }
        let share = Brief.percent(ratio) + (panels.isSingle ? " of the sum of their norms" : "")
        return "\(share), and \(against) of \(layer.shape.steps) steps point against it"
      }
  }
}
