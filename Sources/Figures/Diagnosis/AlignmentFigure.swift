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
    var whole = CurveStyle(.black, [], 7)
    whole.width = gates.count > 1 ? 1.4 : 2
    let caption = DiagnosisCaption(
      diagnosis, panels,
      notes: [
        "g_t: what step t adds to ∂L/∂W_hh, whole batch",
        "cancellation: ‖Σ g_t‖ / Σ ‖g_t‖, 1 if all point the same way",
      ])
    var page = FigurePage(
      name.rawValue, question: question, columns: Self.columns,
      heading: .init(
        title: "What each step adds to the gradient of W_{hh}", subtitle: statement(panels),
        warning: nil, caption: caption.parts),
      styles: parts.map { part in
        (part.map { CurveStyle(gate: gates[$0]) } ?? whole).dense(diagnosis.problem.steps)
      },
      legend: parts.enumerated().map {
        .init(
          title: $1.map { gates[$0].label } ?? (gates.count > 1 ? "all gates" : "W_{hh}"),
          style: "with lines linetype \($0 + 1)")
      }, slots: panels.slots, across: panels.across)
    let axis = DecadeAxis(
      panels.layers.flatMap { layer in parts.flatMap { layer.alignment?.log10Norms(gate: $0) ?? [] } },
      tics: 5)
    page.add(axis.functions)
    page.add(DecadeAxis.lagCommands(count: diagnosis.problem.steps))
    var table = FigureTable(columns: Self.columns)
    for panel in panels.panels {
      let isNorm = panel.quantity == 0
      page.beginPanel(panels.title(panel, isNorm ? "norms" : "cosine with the total"))
      page.labelAxes(x: "lag T − t (steps)", y: isNorm ? "‖g_t‖" : "cos(g_t, Σ g)")
      if isNorm {
        page.add(axis.commands(labelled: page.isAtLeft))
      } else {
        page.add(
          "set yrange [-1.08:1.08]", "set ytics -1, 0.5, 1",
          "set format y (paged ? '%g' : '\(page.isAtLeft ? "%g" : "")')",
          "if (!paged) { set arrow from graph 0, first 0 to graph 1, first 0 nohead back "
            + "linecolor rgb '#888888' linewidth 1 }")
      }
      page.plot(
        elements(panel, parts, gates, isNorm: isNorm, &table),
        key: isNorm ? nil : key(panel.layer, parts, gates, in: page.layout))
    }
    return FigureDrawing(name: name.rawValue, table: table, script: page.finished())
  }

  private func elements(
    _ panel: LayerPanels.Panel, _ parts: [Int?], _ gates: [Gate], isNorm: Bool,
    _ table: inout FigureTable
  ) -> [String] {
    guard let alignment = panel.layer.alignment else { return [] }
    // gnuplot warns of curves without a point.
    func isDrawn(_ gate: Int?) -> Bool {
      isNorm || !alignment.cosines(gate: gate).allSatisfy(\.isNaN)
    }
    let samples = LagSamples(steps: panel.layer.shape.steps)
    return parts.enumerated().compactMap { k, gate in
      let name = gate.map { gates[$0].rawValue } ?? "all"
      let block =
        table.firstBlock(panel.fields + [name])
        ?? DiagnosisCurve(
          name: name, xs: samples.lags,
          values: [
            samples.ofSteps(alignment.log10Norms(gate: gate)),
            samples.ofSteps(alignment.cosines(gate: gate)),
          ]
        ).append(to: &table, panel.fields)
      return block.flatMap { isDrawn(gate) ? $0 : nil }.map {
        "data skip 1 index \($0) using lag:(\(isNorm ? "shown(log10_norm)" : "column(cosine)")) with "
          + "\(samples.lags.count == 1 ? "points" : "lines") linetype \(k + 1) notitle"
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
    let entries = parts.enumerated().map { (k, gate) -> FigurePage.LegendEntry in
      let name = gate.map { gates[$0].rawValue } ?? (gates.count > 1 ? "all" : "W_{hh}")
      let cancellation = alignment.cancellation(gate: gate).map { Brief.number($0) } ?? "all g_t are 0"
      return FigurePage.LegendEntry(title: "\(name): \(cancellation)", style: "with lines linetype \(k + 1)")
    }
    return FigurePage.PanelKey(
      title: "‖Σ g‖ / Σ ‖g‖", entries: entries, avoiding: points, in: layout)
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
