import Experiments
import Foundation
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
    let fed = DiagnosisCaption.fedFromAbove(diagnosis)
    let caption = DiagnosisCaption(
      diagnosis, panels,
      statistic: hasBand
        ? "geometric mean over the batch, band: quartiles" : "geometric mean over the batch",
      notes: contents.contains { !$0.overlays.isEmpty }
        ? ["predictions start at lag 0; slopes are in decades per step"] + fed : fed)
    let cell = diagnosis.problem.model.cell
    let kinds = Overlay.Kind.allCases.filter { kind in
      contents.contains { $0.overlays.contains { $0.kind == kind } }
    }
    let measured = CurveStyle(cell).dense(diagnosis.problem.steps)
    var unclipped = measured.dotted
    unclipped.width = 1.2
    var page = FigurePage(
      name.rawValue, question: question, columns: Self.columns,
      heading: .init(
        title: "Gradient norms on the way back through time", subtitle: statement(panels),
        warning: DiagnosisCaption.warning(diagnosis), caption: caption.parts),
      styles: [measured, measured.dotted, unclipped] + Overlay.Kind.allCases.map(\.style),
      legend: legend(cell, isClipped: isClipped, kinds), slots: panels.slots, across: panels.across)
    let axis = Self.axis(contents)
    page.add(axis.functions)
    page.add(
      "lowest = \(fixed(axis.bottom))", "above(c) = column(c) < lowest ? lowest : column(c)")
    page.add(DecadeAxis.lagCommands(count: diagnosis.problem.steps))
    var table = FigureTable(columns: Self.columns)
    for (panel, content) in zip(panels.panels, contents) {
      page.beginPanel(panels.title(panel))
      page.labelAxes(x: "lag T − t (steps)", y: "‖∂L/∂h_t‖ (geometric mean over batch)")
      page.add(axis.commands(labelled: page.isAtLeft))
      let key = key(content, of: panel.layer, axis, in: page.layout)
      page.plot(elements(content, panel.fields, axis, &table), key: key)
    }
    return FigureDrawing(name: name.rawValue, table: table, script: page.finished())
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

  private func legend(
    _ cell: CellKind, isClipped: Bool, _ kinds: [Overlay.Kind]
  ) -> [FigurePage.LegendEntry] {
    var entries = [FigurePage.LegendEntry(title: "∂L/∂h_t", style: "with lines linetype 1")]
    if cell.carriesCellState {
      entries.append(.init(title: "∂L/∂c_t", style: "with lines linetype 2"))
    }
    if isClipped {
      entries.append(.init(title: "∂L/∂h_t without the step clip", style: "with lines linetype 3"))
    }
    return entries + kinds.map { .init(title: $0.title, style: $0.keyStyle) }
  }

  private func elements(
    _ content: Content, _ fields: [String], _ axis: DecadeAxis, _ table: inout FigureTable
  ) -> [String] {
    var bands: [String] = []
    var lines: [String] = []
    for overlay in content.overlays {
      guard let block = overlay.curve.append(to: &table, fields) else { continue }
      bands += overlay.bands(block)
      lines += overlay.lines(block, above: axis.bottom)
    }
    func add(_ curve: DiagnosisCurve, linetype: Int) {
      guard let block = curve.append(to: &table, fields) else { return }
      let using = "data skip 1 index \(block) using lag"
      if !curve.values[1].isEmpty, curve.xs.count > 1 {
        bands.append(
          "for [i=1:bands] \(using):(shown(log10_low)):(shown(log10_high)) "
            + "with filledcurves linetype \(linetype) notitle")
      }
      lines.append(
        "\(using):(shown(log10_norm)) with \(curve.xs.count == 1 ? "points" : "lines") "
          + "linetype \(linetype) notitle")
    }
    let measured = [
      ("c", content.cell, [], [], 2), ("h_unclipped", content.unclipped, [], [], 3),
      ("h", content.hidden, content.lower, content.upper, 1),
    ]
    for (name, values, lower, upper, linetype) in measured where !values.isEmpty {
      add(
        DiagnosisCurve(name: name, xs: content.lags, values: [values, lower, upper]),
        linetype: linetype)
    }
    return bands + lines
  }

  /// The slopes, in the corner with fewest curves.
  private func key(
    _ content: Content, of layer: LayerDiagnosis, _ axis: DecadeAxis, in layout: GridLayout
  ) -> FigurePage.PanelKey? {
    let rate = layer.decay?.rate
    guard rate != nil || !content.overlays.isEmpty else { return nil }
    let slope = FigurePage.LegendEntry(
      title: "measured: \(rate.map(Brief.signed) ?? "none")", style: "with lines linetype 1")
    let entries =
      [slope] + content.overlays.map { .init(title: $0.keyTitle, style: $0.kind.keyStyle) }
    func place(_ lag: Int, _ value: Double) -> (x: Double, y: Double) {
      (Double(lag) / Double(max(1, layer.shape.steps - 1)), (value - axis.low) / (axis.high - axis.low))
    }
    var points = zip(content.lags, content.hidden).map(place)
    points += zip(content.lags, content.cell).map(place)
    for overlay in content.overlays {
      // As dense as the measured points.
      points += content.lags.map { place($0, overlay.start + overlay.slopes.0 * Double($0)) }
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
  enum Kind: Int, CaseIterable {
    case meanField, linear, pascanuBound, lyapunov, forgetPath, tiedMeanField

    /// After the three of what is measured.
    var linetype: Int { rawValue + 4 }

    var style: CurveStyle {
      var style =
        switch self {
        case .meanField: CurveStyle(.green, [2, 3], 0)
        case .linear: CurveStyle(.black, [8, 4, 2, 4], 0)
        case .pascanuBound: CurveStyle(.orange, [12, 5], 0)
        case .lyapunov: CurveStyle(.purple, [5, 3], 0)
        case .forgetPath: CurveStyle(.blue, [12, 4, 3, 4], 0)
        case .tiedMeanField: CurveStyle(.skyBlue, [16, 4], 0)
        }
      style.width = self == .linear ? 1.1 : 1.6
      return style
    }

    var keyStyle: String {
      self == .meanField
        ? "with filledcurves linetype \(linetype) fillstyle transparent solid 0.3 noborder"
        : "with lines linetype \(linetype)"
    }

    var title: String {
      switch self {
      case .meanField: return "mean field, if W were random"
      case .linear: return "linear prediction log_{10} ρ"
      case .pascanuBound: return "Pascanu bound γσ_{max}, an upper bound"
      case .lyapunov: return "leading Lyapunov exponent"
      case .forgetPath: return "forget path (a reference, not a bound)"
      case .tiedMeanField: return "dynamic mean field, if W were random"
      }
    }

    var keyTitle: String {
      switch self {
      case .meanField: return "mean field"
      case .linear: return "log_{10} ρ"
      case .pascanuBound: return "log_{10} γσ_{max}"
      case .lyapunov: return "λ_1 / ln 10"
      case .forgetPath: return "mean log_{10} f"
      case .tiedMeanField: return "dynamic mean field"
      }
    }
  }

  let kind: Kind
  let start: Double
  /// Of a line the same twice; of a band the lower and the upper.
  let slopes: (Double, Double)
  let lastLag: Int

  /// Those there are; none without a norm at lag 0, or one step.
  static func all(_ predictions: SlopePredictions, from start: Double, lastLag: Int) -> [Overlay] {
    guard start.isFinite, lastLag > 0 else { return [] }
    return Kind.allCases.compactMap { kind in
      let slopes: (Double?, Double?)
      switch kind {
      case .meanField: slopes = (predictions[.meanFieldLower], predictions[.meanFieldUpper])
      case .linear: slopes = (predictions[.linear], predictions[.linear])
      case .pascanuBound: slopes = (predictions[.pascanuBound], predictions[.pascanuBound])
      case .lyapunov: slopes = (predictions[.lyapunov], predictions[.lyapunov])
      case .forgetPath: slopes = (predictions[.forgetPath], predictions[.forgetPath])
      case .tiedMeanField: slopes = (predictions[.tiedMeanField], predictions[.tiedMeanField])
      }
      guard let first = slopes.0, let second = slopes.1 else { return nil }
      return Overlay(kind: kind, start: start, slopes: (first, second), lastLag: lastLag)
    }
  }

  private var isBand: Bool { kind == .meanField }

  /// Where it ends.
  var ends: [Double] {
    [slopes.0, slopes.1].filter(\.isFinite).map { start + $0 * Double(lastLag) }
  }

  var keyTitle: String {
    let numbers =
      isBand && Brief.signed(slopes.0) != Brief.signed(slopes.1)
      ? "\(Brief.signed(slopes.0)) … \(Brief.signed(slopes.1))"
      : slopes.0 == -.infinity ? "−∞" : Brief.signed(slopes.0)
    return "\(kind.keyTitle): \(numbers)"
  }

  /// The elements that draw a block of ``curve``. A prediction is never zero: it ends where that band begins.
  func bands(_ block: Int) -> [String] {
    guard isBand else { return [] }
    return [
      "for [i=1:bands] data skip 1 index \(block) using lag:(above(log10_low)):(above(log10_high)) "
        + "with filledcurves linetype \(kind.linetype) notitle"
    ]
  }

  func lines(_ block: Int, above floor: Double) -> [String] {
    let (data, style) = ("data skip 1 index \(block) using", "with lines linetype \(kind.linetype)")
    if isBand {
      // A band may be too narrow to be seen.
      return ["log10_low", "log10_high"].map {
        "\(data) lag:(column(\($0)) < lowest ? NaN : column(\($0))) \(style) linewidth 1 notitle"
      }
    }
    let end = start + slopes.0 * Double(lastLag)
    guard end < floor else { return ["\(data) lag:(column(log10_norm)) \(style) notitle"] }
    let lag = (floor - start) / slopes.0
    return [
      "\(data) (column(lag) > 0 ? \(fixed(lag)) : 0):(column(lag) > 0 ? \(fixed(floor)) : column(log10_norm)) "
        + "\(style) notitle"
    ]
  }

  /// A line has two points; a band more, since areas are cut off point by point.
  var curve: DiagnosisCurve {
    let name = kind == .meanField ? "mean_field" : kind.csvName
    guard !slopes.0.isInfinite else { return DiagnosisCurve(name: name, xs: [], values: [[], [], []]) }
    func values(_ slope: Double, _ lags: [Int]) -> [Double] {
      lags.map { start + slope * Double($0) }
    }
    guard isBand else {
      let lags = [0, lastLag]
      return DiagnosisCurve(name: name, xs: lags, values: [values(slopes.0, lags), [], []])
    }
    let lags = LagCurve.lags(lastLag + 1, limit: 101)
    return DiagnosisCurve(
      name: name, xs: lags, values: [[], values(slopes.0, lags), values(slopes.1, lags)])
  }
}

extension Overlay.Kind {
  fileprivate var csvName: String {
    switch self {
    case .meanField: return "mean_field"
    case .linear: return SlopePrediction.linear.rawValue
    case .pascanuBound: return SlopePrediction.pascanuBound.rawValue
    case .lyapunov: return SlopePrediction.lyapunov.rawValue
    case .forgetPath: return SlopePrediction.forgetPath.rawValue
    case .tiedMeanField: return SlopePrediction.tiedMeanField.rawValue
    }
  }
}
