import Experiments
import GradientFlow
import TextFiles

/// Hidden states by unit over time, below them the cell states of an LSTM; a column of panels a layer and direction.
///
/// Units are in the order of their mean hidden state, so that those that do alike are neighbours. Below the states of a
/// single layer are its inputs, where they are few.
struct StatesFigure: DiagnosisFigure {
  let name = DiagnosisFigureName.states
  let question = "What do the units do over time?"

  private static let columns = ["layer", "direction", "state", "place", "unit", "step", "activation"]
  /// The most inputs that are shown.
  private static let inputLimit = 32

  func plot(of diagnosis: ModelDiagnosis) throws -> Plot {
    let model = diagnosis.problem.model
    let hasCell = model.cell.carriesCellState
    let panels = try LayerPanels(
      diagnosis, quantities: hasCell ? 2 : 1, orElse: "states were not recorded: the plan omits them"
    ) { $0.states != nil }
    let cells = HeatMap.limit / panels.places.count
    // Steps come first: of units in this order, some stand for all.
    let columns = min(diagnosis.problem.steps + 1, cells / min(model.hiddenSize, 16))
    let units = min(model.hiddenSize, cells / columns)
    let maps = panels.places.map { StateMap($0, columns: columns, units: units) }
    let showsInputs = model.layers.count == 1 && model.inputSize <= Self.inputLimit
    let notes =
      ["units from the lowest mean of h_t at the bottom to the highest"]
      + (units < model.hiddenSize
        ? ["\(units) of \(model.hiddenSize) units, evenly spaced in this order"] : [])
      + (columns <= diagnosis.problem.steps
        ? ["\(columns) of \(Brief.grouped(diagnosis.problem.steps + 1)) steps"] : [])
    var plot = Plot(
      self, columns: Self.columns,
      title: hasCell ? "Hidden and cell states over time" : "Hidden states over time",
      statement: Markup.numbers(statement(panels, model.cell)),
      caption: FigureCaption(
        diagnosis, panels, followsElement: true,
        notes: notes + (showsInputs ? InputStrip.notes(diagnosis) : [])), grid: panels.grid)
    let scales = (0..<(hasCell ? 2 : 1)).map { quantity in
      ColorScale.diverging(
        zip(panels.places, maps).filter { $0.0.quantity == quantity }.flatMap { $0.1.values.joined() },
        label: quantity == 0 ? "h_t" : "c_t")
    }
    for (place, map) in zip(panels.places, maps) {
      let state = place.quantity == 0 ? "h" : "c"
      var panel = Panel(
        panels.title(place, place.quantity == 0 ? "hidden state h_t" : "cell state c_t", brief: "\(state)_t"),
        x: .time(diagnosis.problem.steps, from: 0).around(map.times),
        y: .categories("unit, by mean h", map.units.map { "\($0 + 1)" }, limit: 12))
      panel.hasGrid = false
      panel.colors = scales[place.quantity]
      panel.map(
        plot.append(map.rows(place.fields + [Field(state)])), x: "step", y: "place", value: "activation")
      if showsInputs, place.quantity == scales.count - 1 {
        panel.strip = [
          InputStrip(diagnosis, place.layer.direction, map.times).panel(place.fields, panel.x, &plot)
        ]
      }
      plot.panels.append(panel)
    }
    return plot
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

/// The states of a layer by unit and step.
private struct StateMap {
  let times: [Int]
  /// From 0, in their order.
  let units: [Int]
  /// By unit, then by step.
  let values: [[Double]]

  init(_ place: LayerPanels.Place, columns: Int, units count: Int) {
    let (hidden, steps) = (place.layer.shape.hiddenSize, place.layer.shape.steps)
    let trace = place.layer.states
    let values = (place.quantity == 0 ? trace?.hidden : trace?.cell) ?? []
    let means = (0..<hidden).map { unit in
      (1...steps).reduce(0.0) { $0 + (trace?.hidden[$1 * hidden + unit] ?? 0) }
    }
    let times = Array(0...steps).spread(columns)
    let chosen = (0..<hidden).sorted { (means[$0], $0) < (means[$1], $1) }.spread(count)
    (self.times, units) = (times, chosen)
    self.values = chosen.map { unit in times.map { values[$0 * hidden + unit] } }
  }

  func rows(_ fields: [Field]) -> [[Field]] {
    zip(units, values).enumerated().flatMap { place, unit in
      zip(times, unit.1).map { fields + [Field(place), Field(unit.0 + 1), Field($0), .shaded($1)] }
    }
  }
}
