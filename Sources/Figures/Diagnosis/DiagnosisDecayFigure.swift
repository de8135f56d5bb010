import Experiments
import GradientFlow
import TextFiles

/// log10 ‖∂L/∂h_t‖ against lag with what theory says about its slope, one panel per layer and direction.
///
/// The norm is the mean over batch elements of the log10 of each one's own, ∂L/∂c_t of an LSTM a dotted curve in the
/// same colour. Predictions are lines from the value at lag 0; those that leave the picture do not stretch it, their
/// slopes stand in each panel. There are none where a loss at several steps, a layer above or a step clip decides the
/// slope.
struct DiagnosisDecayFigure: DiagnosisFigure {
  let name = DiagnosisFigureName.decay
  let question = "How do gradients change on their way back, and what does theory predict?"

  private static let columns = [
    "layer", "direction", "curve", "lag", "log10_norm", "log10_low", "log10_high",
  ]

  func plot(of diagnosis: ModelDiagnosis) throws -> Plot {
    guard diagnosis.problem.steps > 1 else {
      throw FigureOmission(reason: "the sequence has one step: there is no way back")
    }
    let panels = try LayerPanels(diagnosis, orElse: "the model has no layer") { _ in true }
    let (problem, isClipped) = (diagnosis.problem, diagnosis.problem.clip.stepClip != .none)
    let contents = panels.layers.map { DecayContent($0, isClipped: isClipped) }
    let shown = PredictionLine.order.filter { prediction in
      contents.contains { $0.predictions.contains { $0.prediction == prediction } }
    }
    let notes =
      shown.isEmpty
      ? [] : ["predictions start at lag 0; their slopes and the measured one are in decades per step"]
    // Of one panel the slopes stand in the legend.
    let measuredSlope =
      shown.isEmpty ? nil : panels.layers[0].decay.map { Markup.numbers(Brief.signed($0.rate)) }
    func slope(_ value: String?) -> String { contents.count == 1 ? value.map { ": \($0)" } ?? "" : "" }
    let measured = CurveStyle(problem.model.cell).dense(problem.steps)
    let (dotted, fine) = (measured.dotted(), measured.dotted(width: 1.2))
    var plot = Plot(
      self, columns: Self.columns, title: "Gradient norms on the way back through time",
      statement: Markup.numbers(DecayWords.statement(diagnosis, panels)),
      caption: FigureCaption(
        diagnosis, panels,
        statistic: "geometric mean over the batch"
          + (contents.contains { !$0.lower.isEmpty } ? ", band: quartiles" : ""),
        notes: notes + FigureCaption.refreshed(diagnosis, panels.layers, omits: "predictions")
          + Lags.note(problem.steps), showsTotals: true),
      legend: Legend.entry("∂L/∂h_t" + slope(measuredSlope.map { "slope \($0)" }), .line, measured)
        + Legend.entry("∂L/∂c_t", .line, dotted, if: problem.model.cell.carriesCellState)
        + Legend.entry("∂L/∂h_t without the step clip", .line, fine, if: isClipped)
        + shown.map { prediction in
          let line = contents[0].predictions.first { $0.prediction == prediction }
          return LegendEntry(
            prediction.names.legend + slope(line?.slope), PredictionLine.sample(prediction),
            prediction.names.style)
        })
    let axis = Self.axis(contents)
    for (place, content) in zip(panels.places, contents) {
      var panel = Panel(panels.title(place), x: .lag(problem.steps), y: axis)
      for line in content.predictions { line.draw(place.fields, &panel, &plot) }
      func draw(_ name: String, _ values: [Double], band: [[Double]] = [[], []], _ style: CurveStyle) {
        if values.isEmpty { return }
        panel.line(
          plot.block(place.fields + [Field(name)], content.lags, [values] + band), y: "log10_norm",
          band: band[0].isEmpty ? nil : ("log10_low", "log10_high"), style)
      }
      draw("c", content.cell, dotted)
      draw("h_unclipped", content.unclipped, fine)
      draw("h", content.hidden, band: [content.lower, content.upper], measured)
      if contents.count > 1 { panel.key = key(place.layer, content, measured) }
      plot.panels.append(panel)
    }
    return plot
  }

  /// The slopes of a layer among others.
  private func key(_ layer: LayerDiagnosis, _ content: DecayContent, _ measured: CurveStyle) -> PanelKey? {
    guard let rate = layer.decay?.rate, !content.predictions.isEmpty else { return nil }
    return PanelKey(
      title: "slope, decades per step",
      entries: Legend.entry(Markup.numbers("measured: \(Brief.signed(rate))"), .line, measured)
        + content.predictions.map { line in
          let names = line.prediction.names
          return LegendEntry(
            "\(names.symbol): \(line.slope)", PredictionLine.sample(line.prediction), names.style)
        })
  }

  /// All that was measured, of the predictions what is near it, and two decades at least, for less is hardly a change.
  private static func axis(_ contents: [DecayContent]) -> PanelAxis {
    let label = "‖∂L/∂h_t‖ (geometric mean over batch)"
    let measured = contents.flatMap(\.values)
    let finite = measured.filter(\.isFinite)
    guard let least = finite.min(), let greatest = finite.max() else { return .decades(label, measured) }
    let room = max(1.5, 0.35 * (greatest - least))
    let predicted = contents.flatMap { $0.predictions.flatMap(\.ends) }.map {
      max(least - room, min(greatest + room, $0))
    }
    let middle = (least + greatest) / 2
    var axis = PanelAxis.decades(label, measured + predicted + [middle - 1, middle + 1])
    axis.isClamping = true
    return axis
  }
}
