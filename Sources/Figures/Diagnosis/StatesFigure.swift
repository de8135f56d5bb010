import Experiments
import GradientFlow

/// Hidden states by unit over time, below them the cell states of an LSTM; a column of panels a layer and direction.
struct StatesFigure: DiagnosisFigure {
  let name = DiagnosisFigureName.states
  let question = "What do the units do over time?"

  private static let columns = ["layer", "direction", "state", "unit", "step", "activation"]

  func drawing(of diagnosis: ModelDiagnosis) throws -> FigureDrawing {
    let hasCell = diagnosis.problem.model.cell.carriesCellState
    let panels = try LayerPanels(
      diagnosis, quantities: hasCell ? 2 : 1,
      orElse: "states were not recorded: the plan omits them"
    ) { $0.states != nil }
    let columns = panels.panels.count <= 2 ? 500 : panels.panels.count <= 4 ? 250 : 160
    let units = panels.panels.count <= 4 ? 256 : 128
    let maps = panels.panels.map { Self.map($0, columns: columns, units: units) }
    let scales = (0...(hasCell ? 1 : 0)).map { quantity in
      HeatScale.diverging(
        zip(panels.panels, maps).filter { $0.0.quantity == quantity }.flatMap { $0.1.values.joined() })
    }
    var page = FigurePage(
      self, columns: Self.columns,
      title: hasCell ? "Hidden and cell states over time" : "Hidden states over time",
      subtitle: statement(panels, diagnosis.problem.model.cell),
      caption: FigureCaption(
        diagnosis, panels, followsElement: true,
        notes: diagnosis.problem.model.hiddenSize > units
          ? ["\(units) of \(diagnosis.problem.model.hiddenSize) units, evenly spaced"] : []),
      grid: panels.grid(right: 150))
    page.add("set style fill solid 1 noborder", "unset grid")
    for (k, (panel, map)) in zip(panels.panels, maps).enumerated() {
      let isHidden = panel.quantity == 0
      page.beginPanel(
        panels.title(panel, isHidden ? "hidden state h_t" : "cell state c_t"), x: "step t", y: "unit")
      page.addAxes(of: map)
      page.add(scales[panel.quantity].commands(label: "%g"))
      let edges = page.layout.edges(k)
      page.addColorBar(page.isAtRight ? (edges.top, edges.bottom) : nil)
      page.draw(map, panel.fields + [isHidden ? "h" : "c"], x: "step", y: "unit", value: "activation")
      page.plot()
    }
    return page.finished()
  }

  private static func map(_ panel: LayerPanels.Panel, columns: Int, units: Int) -> HeatMap {
    let (hidden, steps) = (panel.layer.shape.hiddenSize, panel.layer.shape.steps)
    let trace = panel.layer.states
    let values = (panel.quantity == 0 ? trace?.hidden : trace?.cell) ?? []
    let times = Array(0...steps).spread(columns)
    let chosen = Array(0..<hidden).spread(units)
    return HeatMap(
      xs: times, ys: chosen.map { $0 + 1 },
      values: chosen.map { unit in times.map { values[$0 * hidden + unit] } })
  }

  /// How large the states are, and how many pass little on: those near ±1 of squashed units, those at 0 of rectified
  /// ones.
  private func statement(_ panels: LayerPanels, _ cell: CellKind) -> String {
    panels.sentence { layer in
      guard let trace = layer.states else { return nil }
      let hidden = trace.hidden.dropFirst(layer.shape.hiddenSize)
      let largest = hidden.lazy.map(\.magnitude).max() ?? 0
      func share(_ count: Int, _ words: String) -> String {
        count > 0 ? ", \(words) in \(Brief.percent(Double(count) / Double(max(1, hidden.count))))" : ""
      }
      let ends =
        switch Activation(cell) {
        case .linear: ""
        case .relu: share(hidden.count { $0 == 0 }, "off")
        case .tanh, nil: share(hidden.count { $0.magnitude > 0.9 }, "above 0.9")
        }
      let carried = trace.cell.lazy.map(\.magnitude).max()
      return "|h| up to \(Brief.number(largest))\(ends)"
        + (carried.map { ", |c| up to \(Brief.number($0))" } ?? "")
    }
  }
}
