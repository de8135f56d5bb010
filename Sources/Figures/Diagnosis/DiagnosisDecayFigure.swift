import Experiments
import GradientFlow

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

  /// What is drawn of a layer.
  private struct Content {
    let lags: [Int]
    let hidden: [Double]
    /// Quartiles over batch elements; empty for few elements.
    let lower, upper: [Double]
    /// Empty where there is none.
    let cell, unclipped: [Double]
    let overlays: [Overlay]

    var values: [Double] { hidden + lower + upper + cell + unclipped }
  }

  func drawing(of diagnosis: ModelDiagnosis) throws -> FigureDrawing {
    let panels = try LayerPanels(diagnosis, orElse: "the model has no layer") { _ in true }
    let isClipped = diagnosis.problem.clip.stepClip != .none
    let contents = panels.panels.map { Self.content($0.layer, isClipped: isClipped) }
    let hasBand = contents.contains { !$0.lower.isEmpty }
    let fed = FigureCaption.fedFromAbove(diagnosis)
    let cell = diagnosis.problem.model.cell
    let shown = Overlay.order.filter { prediction in
      contents.contains { $0.overlays.contains { $0.prediction == prediction } }
    }
    let measured = CurveStyle(cell).dense(diagnosis.problem.steps)
    var page = FigurePage(
      self, columns: Self.columns, title: "Gradient norms on the way back through time",
      subtitle: statement(panels),
      caption: FigureCaption(
        diagnosis, panels,
        statistic: hasBand
          ? "geometric mean over the batch, band: quartiles" : "geometric mean over the batch",
        notes: contents.contains { !$0.overlays.isEmpty }
          ? ["predictions start at lag 0; slopes are in decades per step"] + fed : fed,
        showsTotals: true),
      styles: [measured, measured.dotted(), measured.dotted(width: 1.2)]
        + Overlay.order.map { $0.names.style },
      legend: Legend.entry("∂L/∂h_t", "lines linetype 1")
        + Legend.entry("∂L/∂c_t", "lines linetype 2", if: cell.carriesCellState)
        + Legend.entry("∂L/∂h_t without the step clip", "lines linetype 3", if: isClipped)
        + shown.map { LegendEntry($0.names.legend, Overlay.keyStyle($0)) },
      grid: panels.grid())
    let axis = Self.axis(contents)
    page.add(axis.functions)
    page.add(
      "lowest = \(fixed(axis.bottom))", "above(c) = column(c) < lowest ? lowest : column(c)")
    page.add(DecadeAxis.lagCommands(count: diagnosis.problem.steps))
    for (panel, content) in zip(panels.panels, contents) {
      page.beginPanel(
        panels.title(panel), x: "lag T − t (steps)", y: "‖∂L/∂h_t‖ (geometric mean over batch)", axis: axis)
      draw(content, panel.fields, axis, &page)
      page.plot(key: key(content, of: panel.layer, axis, in: page.layout))
    }
    return page.finished()
  }

  private static func content(_ layer: LayerDiagnosis, isClipped: Bool) -> Content {
    let (steps, batch) = (layer.steps, layer.shape.batch)
    let samples = LagSamples(steps: layer.shape.steps)
    let hidden = samples.ofStates(steps.hiddenMean)
    func quartile(_ probability: Double) -> [Double] {
      guard batch >= 4 else { return [] }
      return samples.lags.map { lag in
        let first = (layer.shape.steps - lag) * batch
        return quantile(Array(steps.hiddenByExample[first..<first + batch]), probability) ?? .nan
      }
    }
    return Content(
      lags: samples.lags, hidden: hidden, lower: quartile(0.25), upper: quartile(0.75),
      cell: steps.cell.isEmpty ? [] : samples.ofStates(steps.cellMean),
      unclipped: isClipped ? samples.ofStates(layer.unclippedSteps.hiddenMean) : [],
      overlays: layer.hasPlainDecay
        ? Overlay.all(layer.predictions, from: hidden[0], lastLag: layer.shape.steps - 1) : [])
  }

  /// All that was measured, and of the predictions what is near it.
  private static func axis(_ contents: [Content]) -> DecadeAxis {
    let measured = contents.flatMap(\.values)
    let finite = measured.filter(\.isFinite)
    guard let least = finite.min(), let greatest = finite.max() else { return DecadeAxis(measured) }
    let room = max(1.5, 0.35 * (greatest - least))
    let predicted = contents.flatMap { $0.overlays.flatMap(\.ends) }.map {
      max(least - room, min(greatest + room, $0))
    }
    return DecadeAxis(measured + predicted)
  }

  private func draw(
    _ content: Content, _ fields: [String], _ axis: DecadeAxis, _ page: inout FigurePage
  ) {
    for overlay in content.overlays { overlay.draw(fields, above: axis.bottom, &page) }
    func draw(_ name: String, _ values: [Double], band: [[Double]] = [[], []], linetype: Int) {
      if values.isEmpty { return }
      page.draw(
        page.block(fields + [name], content.lags, [values] + band), y: "(shown(log10_norm))",
        band: band[0].isEmpty ? nil : ("(shown(log10_low))", "(shown(log10_high))"), linetype: linetype)
    }
    draw("c", content.cell, linetype: 2)
    draw("h_unclipped", content.unclipped, linetype: 3)
    draw("h", content.hidden, band: [content.lower, content.upper], linetype: 1)
  }

  /// The slopes, in the corner with fewest curves.
  private func key(
    _ content: Content, of layer: LayerDiagnosis, _ axis: DecadeAxis, in layout: GridLayout
  ) -> FigurePage.PanelKey? {
    let rate = layer.decay?.rate
    guard rate != nil || !content.overlays.isEmpty else { return nil }
    let entries =
      Legend.entry("measured: \(rate.map(Brief.signed) ?? "none")", "lines linetype 1")
      + content.overlays.map { LegendEntry($0.keyTitle, Overlay.keyStyle($0.prediction)) }
    func place(_ lag: Int, _ value: Double) -> (x: Double, y: Double) {
      (Double(lag) / Double(max(1, layer.shape.steps - 1)), (value - axis.low) / (axis.high - axis.low))
    }
    var points = zip(content.lags, content.hidden).map(place)
    points += zip(content.lags, content.cell).map(place)
    for overlay in content.overlays {
      // As dense as the measured points.
      points += content.lags.map { place($0, overlay.start + overlay.slopes.low * Double($0)) }
    }
    return FigurePage.PanelKey(
      title: "slope, decades per step", entries: entries, avoiding: points, in: layout)
  }

  /// What becomes of the gradient.
  private func statement(_ panels: LayerPanels) -> String {
    let last = (panels.layers.first?.shape.steps ?? 1) - 1
    guard last > 0 else { return "With one step there is nothing to compare." }
    return "‖∂L/∂h_t‖ over \(last) step\(last == 1 ? "" : "s") back: "
      + panels.sentence { layer in
        let byLag = Array(layer.steps.hiddenMean.dropFirst().reversed())
        if byLag.allSatisfy({ $0 == -.infinity }) { return "0 throughout" }
        guard byLag[0].isFinite else { return "0 at lag 0, but not at every later lag" }
        if byLag[last] == -.infinity {
          // A loss at several steps may bring back what was 0 before.
          let zero = (byLag.lastIndex { $0 > -.infinity } ?? -1) + 1
          let isWhole = layer.steps.hidden[1] == -.infinity
          return "exactly 0 \(isWhole ? "" : "in some sequence ")from lag \(zero) on"
        }
        let horizon = layer.horizon
        let half =
          horizon?.half.map {
            ", halved after \($0)" + (horizon?.staysBelowHalf == true ? "" : ", larger again later")
          } ?? ""
        return "× \(Brief.factor(byLag[last] - byLag[0]))\(half)"
      }
  }
}

/// A line of theory from the value at lag 0.
private struct Overlay {
  /// The order of line types and legend.
  static let order: [SlopePrediction] = [
    .meanFieldLower, .linear, .pascanuBound, .lyapunov, .forgetPath, .tiedMeanField,
  ]

  let prediction: SlopePrediction
  let start: Double
  /// Of a line the same twice; of a band the lower and the upper.
  let slopes: (low: Double, high: Double)
  let lastLag: Int

  /// Those there are; none without a norm at lag 0, or one step.
  static func all(_ predictions: SlopePredictions, from start: Double, lastLag: Int) -> [Overlay] {
    guard start.isFinite, lastLag > 0 else { return [] }
    return order.compactMap { prediction in
      predictions.ends(prediction).map {
        Overlay(prediction: prediction, start: start, slopes: $0, lastLag: lastLag)
      }
    }
  }

  /// After the three of what is measured.
  private static func linetype(_ prediction: SlopePrediction) -> Int {
    4 + (order.firstIndex(of: prediction) ?? 0)
  }

  static func keyStyle(_ prediction: SlopePrediction) -> String {
    prediction == .meanFieldLower
      ? "filledcurves linetype \(linetype(prediction)) fillstyle transparent solid 0.3 noborder"
      : "lines linetype \(linetype(prediction))"
  }

  private var isBand: Bool { prediction == .meanFieldLower }

  /// Where it ends.
  var ends: [Double] {
    [slopes.low, slopes.high].filter(\.isFinite).map { start + $0 * Double(lastLag) }
  }

  var keyTitle: String {
    let numbers =
      isBand && Brief.signed(slopes.low) != Brief.signed(slopes.high)
      ? "\(Brief.signed(slopes.low)) … \(Brief.signed(slopes.high))"
      : slopes.low == -.infinity ? "−∞" : Brief.signed(slopes.low)
    return "\(prediction.names.symbol): \(numbers)"
  }

  /// Draws it as far as `floor`: a prediction is never zero, it ends where that band begins.
  func draw(_ fields: [String], above floor: Double, _ page: inout FigurePage) {
    guard !slopes.low.isInfinite else { return }
    let style = "with lines linetype \(Self.linetype(prediction))"
    func values(_ slope: Double, _ lags: [Int]) -> [Double] { lags.map { start + slope * Double($0) } }
    if isBand {
      // More points than a line's two, since areas are cut off point by point.
      let lags = Lags.even(lastLag + 1, limit: 101)
      guard
        let block = page.block(
          fields + ["mean_field"], lags, [[], values(slopes.low, lags), values(slopes.high, lags)])
      else { return }
      page.draw(
        "for [i=1:bands] \(block.using("lag:(above(log10_low)):(above(log10_high))")) "
          + "with filledcurves linetype \(Self.linetype(prediction))", .areas)
      // A band may be too narrow to be seen.
      for end in ["log10_low", "log10_high"] {
        page.draw(
          "\(block.using("lag:(column(\(end)) < lowest ? NaN : column(\(end)))")) \(style) linewidth 1")
      }
      return
    }
    guard
      let block = page.block(
        fields + [prediction.rawValue], [0, lastLag], [values(slopes.low, [0, lastLag]), [], []])
    else { return }
    guard start + slopes.low * Double(lastLag) < floor else {
      return page.draw("\(block.using("lag:(column(log10_norm))")) \(style)")
    }
    let lag = (floor - start) / slopes.low
    page.draw(
      block.using(
        "(column(lag) > 0 ? \(fixed(lag)) : 0):(column(lag) > 0 ? \(fixed(floor)) : column(log10_norm))")
        + " \(style)")
  }
}
