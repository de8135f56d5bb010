import Experiments
import GradientFlow

/// The steps' contributions g_t to ∂L/∂W_hh by gate: their norms against lag, and below whether they point the way of
/// the total; a column of panels a layer and direction.
struct AlignmentFigure: DiagnosisFigure {
  let name = DiagnosisFigureName.contributions
  let question = "Which steps make up the gradient of W_hh, and do they point the same way?"

  private static let columns = ["layer", "direction", "gate", "lag", "log10_norm", "cosine"]

  func drawing(of diagnosis: ModelDiagnosis) throws -> FigureDrawing {
    let panels = try LayerPanels(
      diagnosis, quantities: 2, orElse: "contributions were not measured: the plan omits them"
    ) { $0.alignment != nil }
    let gates = diagnosis.problem.model.cell.gates
    // By gate and together; of a plain RNN there is the one block.
    let parts: [Int?] = (gates.count > 1 ? gates.indices.map { $0 } : []) + [nil]
    let whole = CurveStyle(.black, [], 7, width: gates.count > 1 ? 1.4 : 2)
    var page = FigurePage(
      self, columns: Self.columns, title: "What each step adds to the gradient of W_{hh}",
      subtitle: statement(panels),
      caption: FigureCaption(
        diagnosis, panels,
        notes: [
          "g_t: what step t adds to ∂L/∂W_hh, whole batch",
          "cancellation: ‖Σ g_t‖ / Σ ‖g_t‖, 1 if all point the same way",
        ]),
      styles: parts.map { ($0.map { gates[$0].look.style } ?? whole).dense(diagnosis.problem.steps) },
      legend: Legend.each(
        parts.map { $0.map { gates[$0].look.label } ?? (gates.count > 1 ? "all gates" : "W_{hh}") }),
      grid: panels.grid())
    let axis = DecadeAxis(
      panels.layers.flatMap { layer in parts.flatMap { layer.alignment?.log10Norms(gate: $0) ?? [] } },
      tics: 5)
    page.add(axis.functions + DecadeAxis.lagCommands(count: diagnosis.problem.steps))
    for panel in panels.panels {
      let isNorm = panel.quantity == 0
      page.beginPanel(
        panels.title(panel, isNorm ? "norms" : "cosine with the total"), x: "lag T − t (steps)",
        y: isNorm ? "‖g_t‖" : "cos(g_t, Σ g)", axis: isNorm ? axis : nil)
      if !isNorm {
        page.add(
          "set yrange [-1.08:1.08]", "set ytics -1, 0.5, 1",
          "set format y (paged ? '%g' : '\(page.isAtLeft ? "%g" : "")')")
        page.rule(at: 0)
      }
      draw(panel, parts, gates, isNorm: isNorm, &page)
      page.plot(key: isNorm ? nil : key(panel.layer, parts, gates, in: page.layout))
    }
    return page.finished()
  }

  private func draw(
    _ panel: LayerPanels.Panel, _ parts: [Int?], _ gates: [Gate], isNorm: Bool, _ page: inout FigurePage
  ) {
    guard let alignment = panel.layer.alignment else { return }
    let samples = LagSamples(steps: panel.layer.shape.steps)
    for (k, gate) in parts.enumerated() {
      let (norms, cosines) = (alignment.log10Norms(gate: gate), alignment.cosines(gate: gate))
      let block = page.block(
        panel.fields + [gate.map { gates[$0].rawValue } ?? "all"], samples.lags,
        [samples.ofSteps(norms), samples.ofSteps(cosines)])
      if isNorm {
        page.draw(block, y: "(shown(log10_norm))", linetype: k + 1)
      } else if !cosines.allSatisfy(\.isNaN) {  // gnuplot warns of curves without a point.
        page.draw(block, y: "(column(cosine))", linetype: k + 1)
      }
    }
  }

  /// The cancellation of each part, if there is room.
  private func key(
    _ layer: LayerDiagnosis, _ parts: [Int?], _ gates: [Gate], in layout: GridLayout
  ) -> FigurePage.PanelKey? {
    guard let alignment = layer.alignment else { return nil }
    let steps = layer.shape.steps
    let points = parts.flatMap { gate in
      alignment.cosines(gate: gate).reversed().enumerated().map { (lag, cosine) -> (x: Double, y: Double) in
        (x: Double(lag) / Double(max(1, steps - 1)), y: (cosine + 1.08) / 2.16)
      }
    }
    let titles = parts.map { gate in
      let name = gate.map { gates[$0].rawValue } ?? (gates.count > 1 ? "all" : "W_{hh}")
      let cancellation = alignment.cancellation(gate: gate).map { Brief.number($0) } ?? "all g_t are 0"
      return "\(name): \(cancellation)"
    }
    return FigurePage.PanelKey(
      title: "‖Σ g‖ / Σ ‖g‖", entries: Legend.each(titles), avoiding: points, in: layout)
  }

  /// How far contributions cancel.
  private func statement(_ panels: LayerPanels) -> String {
    "Share of Σ ‖g_t‖ that remains in ‖Σ g_t‖: "
      + panels.sentence { layer in
        guard let alignment = layer.alignment, let ratio = alignment.cancellation() else {
          return "none: every g_t is 0"
        }
        let cosines = alignment.cosines().filter { !$0.isNaN }
        let against = cosines.count { $0 < 0 }
        return "\(Brief.percent(ratio)), \(against) of \(layer.shape.steps) steps opposing the total"
      }
  }
}
