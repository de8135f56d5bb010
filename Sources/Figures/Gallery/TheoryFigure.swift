import Experiments
import Foundation
import GradientFlow

/// Measured decay rate of every trial against what each theory predicts, one panel per prediction.
struct TheoryFigure: RunFigure {
  let name: FigureName = "theory"
  let question = "Which theory predicts the decay rate, and where does it fail?"

  private static let columns = [
    "prediction", "cell", "forget_bias", "trial", "predicted", "predicted_low", "predicted_high",
    "decay_rate", "residual",
  ]
  /// The most trials of a panel.
  private static let pointLimit = 3000

  private struct Point {
    let trial: TrialParameters
    let low, high, measured, residual: Double

    var middle: Double { (low + high) / 2 }
  }

  private struct Panel {
    let prediction: SlopePrediction
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
      self, columns: Self.columns, title: "Measured decay rate against theory", subtitle: statement(panels),
      caption: caption(records, trials), styles: CellVariant.styles(variants),
      legend: Legend.each(variants.map(\.label), "points", " pointsize 0.9")
        + Legend.entry("measured = predicted", "lines \(Pen.axis)"),
      grid: GridLayout(slots: panels.indices))
    let axes = Axes(panels.flatMap(\.all))
    page.add(axes.commands)
    for panel in panels {
      page.beginPanel(
        panel.prediction.names.title, x: "predicted slope (decades per step)",
        y: "measured (decades per step)")
      page.numberYTics()
      let hidden = panel.all.count { !axes.shows($0.middle) }
      page.note(
        hidden > 0 ? ["\(hidden) of \(panel.all.count) points are outside the plot"] : [], y: 0.92)
      draw(panel, variants, &page)
      page.plot()
    }
    return page.finished()
  }

  private func panels(
    _ trials: [TrialParameters], _ variants: [CellVariant], _ records: RunRecords
  ) throws -> [Panel] {
    let places = Dictionary(uniqueKeysWithValues: variants.enumerated().map { ($1, $0) })
    var panels = SlopePrediction.drawn.map { Panel(prediction: $0, points: variants.map { _ in [] }) }
    for trial in trials {
      guard let record = try records.record(trial), let measured = record.decayRate, measured.isFinite,
        let place = places[CellVariant(trial)]
      else { continue }
      let predictions = records.run.theory.predictions(trial, record)
      for (k, prediction) in SlopePrediction.drawn.enumerated() {
        guard let low = predictions[prediction], low.isFinite,
          let residual = predictions.residual(prediction, of: measured)
        else { continue }
        panels[k].points[place].append(
          Point(
            trial: trial, low: low, high: predictions.ends(prediction)?.high ?? low, measured: measured,
            residual: residual))
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

  private func draw(_ panel: Panel, _ variants: [CellVariant], _ page: inout FigurePage) {
    page.draw("x with lines \(Pen.axis)")
    page.draw("0 with lines linecolor rgb '#bbbbbb' linewidth 1 dashtype solid")
    for (k, points) in panel.points.enumerated() {
      let rows = points.map { point in
        [panel.prediction.rawValue] + variants[k].fields + [point.trial.id]
          + [point.middle, point.low, point.high, point.measured, point.residual].map { CSVField.number($0) }
      }
      guard let using = page.append(rows)?.using("predicted:decay_rate") else { continue }
      if points.contains(where: { $0.low < $0.high }) {
        page.draw(
          "for [i=1:bands] \(using):predicted_low:predicted_high with xerrorbars linetype \(k + 1) "
            + "dashtype solid linewidth 1 pointtype 0")
      }
      page.draw("\(using) with points linetype \(k + 1) pointsize 0.5")
    }
  }

  private func statement(_ panels: [Panel]) -> String {
    "Root mean square of measured − predicted, in decades per step: "
      + panels.map {
        $0.prediction.names.word + " " + String(format: "%.2g", $0.rootMeanSquare)
      }.joined(separator: "; ")
  }

  private func caption(_ records: RunRecords, _ trials: [TrialParameters]) -> FigureCaption {
    func list<Value: Hashable>(
      _ value: (TrialParameters) -> Value, sorted isSorted: ((Value, Value) -> Bool)? = nil,
      _ text: (Value) -> String
    ) -> String {
      let found = trials.lazy.map(value).distinct
      let values = isSorted.map { found.sorted(by: $0) } ?? found
      return values.count > 6
        ? "\(text(values[0])) to \(text(values[values.count - 1]))"
        : values.map(text).joined(separator: ", ")
    }
    return FigureCaption(
      parts: [
        "all \(trials.count) trials with a plain decay rate, one point each",
        "T = " + list(\.sequenceLength, sorted: <) { "\($0)" },
        "ρ = " + list(\.spectralRadius, sorted: <) { CSVField.number($0) },
        "hidden size " + list(\.hiddenSize, sorted: <) { "\($0)" },
        "input scale " + list(\.inputScale, sorted: <) { CSVField.number($0) },
        "initializer " + list(\.initializer) { $0.rawValue },
        "task \(records.run.specification.task.kind.name)",
      ] + FigureCaption.origin(records), warning: FigureCaption.warning(trials))
  }

  /// The axes of all panels: what is measured is always in sight.
  private struct Axes {
    private let left, right: Double
    let commands: [String]

    init(_ points: [Point]) {
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
}
