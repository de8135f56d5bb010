import Experiments
import GradientFlow

/// log10 ‖∂L_s/∂h_t‖ as a map: how much of each step's loss reaches each state. A panel a layer and direction, in the
/// steps of the sequence for both directions.
struct TwoTimeFigure: DiagnosisFigure {
  let name = DiagnosisFigureName.twoTime
  let question = "How much of the loss of each step reaches each earlier state?"

  private static let columns = ["layer", "direction", "source", "step", "log10_norm"]

  func drawing(of diagnosis: ModelDiagnosis) throws -> FigureDrawing {
    guard let twoTime = diagnosis.twoTime, !twoTime.sources.isEmpty else {
      throw FigureOmission(
        reason: diagnosis.problem.loss.placement.count(of: diagnosis.problem.steps) < 2
          ? "the loss reads only one step; the figure decay shows everything"
          : "the two-time map was not measured: the plan omits it")
    }
    let panels = try LayerPanels(diagnosis, orElse: "the model has no layer") { _ in true }
    // Some forty thousand cells in all for one or two panels, fewer in each of many.
    let limit = panels.panels.count <= 2 ? 200 : panels.panels.count <= 4 ? 140 : 100
    let maps = panels.panels.map { Self.map(twoTime, $0, steps: diagnosis.problem.steps, limit: limit) }
    let scale = HeatScale.sequential(maps.flatMap { $0.values.joined() })
    var caption = FigureCaption(
      diagnosis, panels,
      notes: [
        "norm over the batch",
        "grey: exactly 0, L_s does not depend on h_t",
        "\(twoTime.sources.count) of \(diagnosis.problem.steps) steps s",
      ])
    caption.parts.removeAll { $0.hasPrefix("time is") }
    if diagnosis.problem.model.directions.count > 1 {
      caption.parts.append("t counts the steps of the sequence; reverse layers read it backwards")
    }
    var page = FigurePage(
      self, columns: Self.columns,
      title: "‖∂L_s/∂h_t‖: how much of the loss at step s reaches the state at step t",
      subtitle: statement(twoTime, panels), caption: caption,
      grid: panels.grid(right: 150, panelHeight: panels.panels.count == 1 ? 560 : nil))
    page.addScale(scale)
    for (panel, map) in zip(panels.panels, maps) {
      page.beginPanel(panels.title(panel), x: "state at step t", y: "loss at step s")
      page.addAxes(of: map)
      page.addBackground()
      page.addColorBar(page.isLast ? panels.extent(0, page.layout) : nil)
      page.draw(map, panel.fields, x: "step", y: "source", value: "log10_norm")
      page.plot()
    }
    return page.finished()
  }

  /// The map of a layer; in the steps of the sequence, from 0 for the state before a forward layer begins to T + 1 for
  /// that before a reverse one begins.
  private static func map(
    _ twoTime: TwoTimeMap, _ panel: LayerPanels.Panel, steps: Int, limit: Int
  ) -> HeatMap {
    let isForward = panel.layer.direction == .forward
    let own = Array(0...steps).spread(limit)
    let times = isForward ? own : own.reversed()
    let rows = twoTime.sources.indices.map { $0 }.spread(limit)
    return HeatMap(
      xs: times.map { isForward ? $0 : steps + 1 - $0 }, ys: rows.map { twoTime.sources[$0] },
      values: rows.map { row in times.map { twoTime.norms[panel.place][row][$0] } })
  }

  private func statement(_ twoTime: TwoTimeMap, _ panels: LayerPanels) -> String {
    "Slope against s − t, mean over s: "
      + panels.sentence { layer in
        guard let place = panels.panels.first(where: { $0.fields == layer.fields })?.place,
          let rate = twoTime.decayRate(layer: place, direction: layer.direction)
        else { return "none" }
        return "\(Brief.signed(rate)) decades per step"
          + (rate < 0 ? ", halved every \(Brief.rounded(0.30103 / -rate)) steps" : "")
      }
  }
}
