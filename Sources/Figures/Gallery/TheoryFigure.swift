import Experiments
import Foundation
import GradientFlow

/// Measured decay rate of every trial against what each theory predicts, one panel per prediction.
struct TheoryFigure: Figure {
  let name: FigureName = "theory"
  let question = "Which theory predicts the decay rate, and where does it fail?"
  let stepColumns: Set<StepColumn> = []

  private static let columns = [
    "prediction", "cell", "forget_bias", "trial", "predicted", "predicted_low", "predicted_high",
    "decay_rate", "residual",
  ]
  /// The most trials of a panel.
  private static let pointLimit = 3000

  /// What a panel shows.
  private struct Kind {
    let prediction: SlopePrediction
    let title: String
  }

  private static let kinds = [
    Kind(prediction: .linear, title: "linear prediction log10 ρ (not a criterion)"),
    Kind(prediction: .pascanuBound, title: "Pascanu bound log10 σ_max: points lie below the line"),
    Kind(prediction: .meanFieldLower, title: "mean field ½ log10 χ, band of finite size"),
    Kind(prediction: .lyapunov, title: "Lyapunov exponent λ_1 / ln 10"),
    Kind(prediction: .forgetPath, title: "LSTM: forget path (a reference, not a bound)"),
    Kind(prediction: .tiedMeanField, title: "LSTM: tied dynamic mean field"),
  ]

  private struct Point {
    let trial: TrialParameters
    let low, high, measured, residual: Double

    var middle: Double { (low + high) / 2 }
  }

  private struct Panel {
    let kind: Kind
    /// By variant.
    var points: [[Point]]

    var all: [Point] { points.flatMap { $0 } }
    var rootMeanSquare: Double {
      (all.reduce(0.0) { $0 + $1.residual * $1.residual } / Double(all.count)).squareRoot()
    }
  }

  func drawing(of records: RunRecords) throws -> FigureDrawing {
    let trials = records.run.trials.filter(\.hasPlainDecay)
    guard !trials.isEmpty else {
      throw FigureOmission(
        reason: "no plain decay rate: every trial has a loss at every step or clips its gradients on the way")
    }
    let variants = trials.lazy.map(CellVariant.init).distinct
    let panels = try self.panels(trials, variants, records)
    guard !panels.isEmpty else { throw FigureOmission(reason: "no finished trial has a decay rate") }
    var page = FigurePage(
      name.rawValue, question: question, columns: Self.columns,
      heading: .init(
        title: "Measured decay rate against theory", subtitle: statement(panels),
        warning: FigureCaption.warning(trials), caption: caption(records, trials)),
      styles: CellVariant.styles(variants),
      legend: variants.enumerated().map {
        .init(title: $1.label, style: "with points linetype \($0 + 1) pointsize 0.9")
      } + [
        .init(
          title: "measured = predicted",
          style: "with lines linecolor rgb '#222222' linewidth 1 dashtype solid")
      ],
      panels: panels.count)
    let axes = Axes(panels.flatMap { $0.all.map { (low: $0.low, high: $0.high, measured: $0.measured) } })
    page.add(axes.commands)
    var table = FigureTable(columns: Self.columns)
    for panel in panels {
      page.beginPanel(panel.kind.title)
      page.labelAxes(x: "predicted slope (decades per step)", y: "measured (decades per step)")
      page.add(page.isAtLeft ? "set format y '%g'" : "set format y (paged ? '%g' : '')")
      let hidden = panel.all.count { !axes.shows($0.middle) }
      page.note(
        hidden > 0 ? ["\(hidden) of \(panel.all.count) points are outside the plot"] : [], y: 0.92)
      page.plot(elements(panel, variants, &table))
    }
    return FigureDrawing(name: name.rawValue, table: table, script: page.finished())
  }

  private func panels(
    _ trials: [TrialParameters], _ variants: [CellVariant], _ records: RunRecords
  ) throws -> [Panel] {
    let places = Dictionary(uniqueKeysWithValues: variants.enumerated().map { ($1, $0) })
    var panels = Self.kinds.map { Panel(kind: $0, points: variants.map { _ in [] }) }
    for trial in trials {
      guard let record = try records.record(trial), let measured = record.decayRate, measured.isFinite,
        let place = places[CellVariant(trial)]
      else { continue }
      let predictions = records.run.theory.predictions(trial, record)
      for (k, kind) in Self.kinds.enumerated() {
        guard let low = predictions[kind.prediction], low.isFinite,
          let residual = predictions.residual(kind.prediction, of: measured)
        else { continue }
        let high = kind.prediction == .meanFieldLower ? predictions[.meanFieldUpper] ?? low : low
        panels[k].points[place].append(
          Point(trial: trial, low: low, high: high, measured: measured, residual: residual))
      }
    }
    let limit = max(1, Self.pointLimit / max(1, variants.count))
    return panels.compactMap { panel in
      var panel = panel
      guard !panel.all.isEmpty else { return nil }
      panel.points = panel.points.map { $0.spread(limit) }
      return panel
    }
  }

  private func elements(
    _ panel: Panel, _ variants: [CellVariant], _ table: inout FigureTable
  ) -> [String] {
    var elements = [
      "x with lines linecolor rgb '#222222' linewidth 1 dashtype solid notitle",
      "0 with lines linecolor rgb '#bbbbbb' linewidth 1 dashtype solid notitle",
    ]
    for (k, points) in panel.points.enumerated() where !points.isEmpty {
      let rows = points.map { point in
        [panel.kind.prediction.rawValue] + variants[k].fields + [point.trial.id]
          + [point.middle, point.low, point.high, point.measured, point.residual].map { CSVField.number($0) }
      }
      let using = "data skip 1 index \(table.append(rows)) using predicted:decay_rate"
      if points.contains(where: { $0.low < $0.high }) {
        elements.append(
          "for [i=1:bands] \(using):predicted_low:predicted_high with xerrorbars linetype \(k + 1) "
            + "dashtype solid linewidth 1 pointtype 0 notitle")
      }
      elements.append("\(using) with points linetype \(k + 1) pointsize 0.5 notitle")
    }
    return elements
  }

  private func statement(_ panels: [Panel]) -> String {
    let names: [SlopePrediction: String] = [
      .linear: "log10 ρ", .pascanuBound: "Pascanu bound", .meanFieldLower: "mean field",
      .lyapunov: "Lyapunov", .forgetPath: "forget path", .tiedMeanField: "tied mean field",
    ]
    return "Root mean square of measured − predicted, in decades per step: "
      + panels.map { panel in
        (names[panel.kind.prediction] ?? "") + " " + String(format: "%.2g", panel.rootMeanSquare)
      }.joined(separator: "; ")
  }

  private func caption(_ records: RunRecords, _ trials: [TrialParameters]) -> [String] {
    var parts = ["all \(trials.count) trials with a plain decay rate, one point each"]
    let lengths = trials.lazy.map(\.sequenceLength).distinct.sorted()
    let radii = trials.lazy.map(\.spectralRadius).distinct.sorted()
    func list<Value>(_ values: [Value], _ text: (Value) -> String) -> String {
      values.count > 6
        ? "\(text(values[0])) to \(text(values[values.count - 1]))"
        : values.map(text).joined(separator: ", ")
    }
    parts.append("T = " + list(lengths) { "\($0)" })
    parts.append("ρ = " + list(radii) { CSVField.number($0) })
    parts.append("hidden size " + list(trials.lazy.map(\.hiddenSize).distinct.sorted()) { "\($0)" })
    parts.append(
      "input scale " + list(trials.lazy.map(\.inputScale).distinct.sorted()) { CSVField.number($0) })
    parts.append("initializer " + list(trials.lazy.map(\.initializer).distinct) { $0.rawValue })
    parts.append("task \(records.run.specification.task.kind.name)")
    parts.append("run \(records.run.specification.name)")
    let progress = records.progress
    if progress.done < progress.total {
      parts.append("unfinished: \(progress.done) of \(progress.total) trials")
    }
    return parts
  }
}

/// The axes of all panels: what is measured is always in sight.
private struct Axes {
  private let left, right: Double
  let commands: [String]

  init(_ points: [(low: Double, high: Double, measured: Double)]) {
    let (low, high) = (points.map(\.measured).min() ?? 0, points.map(\.measured).max() ?? 0)
    let span = max(high - low, 0.02)
    let margin = 0.05 * span
    // A prediction may run away; twice the measured range is enough to see it.
    left = min(low, max(points.map(\.low).min() ?? low, low - span)) - margin
    right = max(high, min(points.map(\.high).max() ?? high, high + span)) + margin
    let (x, y) = (AxisRange(left, right), AxisRange(low - margin, high + margin))
    let step = DecadeAxis.niceStep(max(span + 2 * margin, (y.high - y.low) / 2) / 5)
    let across = DecadeAxis.niceStep((x.high - x.low) / 6)
    commands = [
      "set yrange \(y.text); set ytics \(CSVField.number(step))",
      "set xrange \(x.text); set xtics \(CSVField.number(across))",
    ]
  }

  func shows(_ predicted: Double) -> Bool { (left...right).contains(predicted) }
}
