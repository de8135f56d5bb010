import Experiments
import GradientFlow
import TextFiles

/// log10 ‖∂L_s/∂h_t‖ as a map: how much of each step's loss reaches each state. A panel a layer and direction, in the
/// steps of the sequence for both directions.
struct TwoTimeFigure: DiagnosisFigure {
  let name = DiagnosisFigureName.twoTime
  let question = "How much of the loss of each step reaches each earlier state?"

  private static let columns = ["layer", "direction", "source", "step", "log10_norm"]

  func plot(of diagnosis: ModelDiagnosis) throws -> Plot {
    let (problem, steps) = (diagnosis.problem, diagnosis.problem.steps)
    guard let twoTime = diagnosis.twoTime, !twoTime.sources.isEmpty else {
      throw FigureOmission(
        reason: problem.readSteps < 2
          ? "the loss reads only one step, whose gradient the figure decay shows"
          : "the two-time map was not measured: the plan omits it")
    }
    let panels = try LayerPanels(diagnosis, orElse: "the model has no layer") { _ in true }
    let side = Int(Double(HeatMap.limit / panels.places.count).squareRoot())
    let maps = panels.places.map { Self.map(twoTime, $0, steps: steps, limit: side) }
    let scale = ColorScale.sequential(maps.flatMap { $0.values.joined() }, label: "‖∂L_s/∂h_t‖")
    var caption = FigureCaption(
      diagnosis, panels,
      notes: ["norm over the batch", "grey: exactly 0, L_s does not depend on h_t"]
        + Self.omissions(twoTime, maps[0], steps: steps))
    caption.parts.removeAll { $0.hasPrefix("time is") }
    if problem.model.directions.count > 1 {
      caption.parts.append("t counts the steps of the sequence; reverse layers read it backwards")
    }
    var plot = Plot(
      self, columns: Self.columns,
      title: "‖∂L_s/∂h_t‖: how much of the loss at step s reaches the state at step t",
      statement: Markup.numbers(statement(twoTime, panels)), caption: caption)
    for (place, map) in zip(panels.places, maps) {
      var panel = Panel(
        panels.title(place), x: Self.axis("state at step t", map.xs), y: Self.axis("loss at step s", map.ys))
      panel.hasGrid = false
      panel.ground = .lightGrey
      panel.colors = scale
      panel.map(plot.append(map.rows(place.fields)), x: "step", y: "source", value: "log10_norm")
      plot.panels.append(panel)
    }
    return plot
  }

  private static func axis(_ label: String, _ values: [Int]) -> PanelAxis {
    .counts(label, from: values.first ?? 0, to: values.last ?? 0).around(values)
  }

  private static func omissions(_ twoTime: TwoTimeMap, _ map: HeatMap, steps: Int) -> [String] {
    var notes: [String] = []
    if map.ys.count < steps { notes.append("\(map.ys.count) of \(Brief.grouped(steps)) steps s") }
    if map.xs.count < steps + 1 { notes.append("\(map.xs.count) of \(Brief.grouped(steps + 1)) states") }
    return notes
  }

  /// The map of a layer; in the steps of the sequence, from 0 for the state before a forward layer begins to T + 1 for
  /// that before a reverse one begins.
  private static func map(
    _ twoTime: TwoTimeMap, _ place: LayerPanels.Place, steps: Int, limit: Int
  ) -> HeatMap {
    let isForward = place.layer.direction == .forward
    let own = Array(0...steps).spread(limit)
    let times = isForward ? own : own.reversed()
    let rows = twoTime.sources.indices.map { $0 }.spread(limit)
    return HeatMap(
      xs: times.map { isForward ? $0 : steps + 1 - $0 }, ys: rows.map { twoTime.sources[$0] },
      values: rows.map { row in times.map { twoTime.norms[place.index][row][$0] } })
  }

  private func statement(_ twoTime: TwoTimeMap, _ panels: LayerPanels) -> String {
    "Slope against s − t, mean over s: "
      + panels.sentence { layer in
        guard let index = panels.places.first(where: { $0.fields == layer.fields })?.index,
          let rate = twoTime.decayRate(layer: index, direction: layer.direction)
        else { return "none" }
        return "\(Brief.signed(rate)) decades per step"
          + (rate < 0 ? ", halved every \(Brief.rounded(0.30103 / -rate)) steps" : "")
      }
  }
}
