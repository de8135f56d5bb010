import Experiments
import Foundation
import GradientFlow

/// log10 ‖∂L/∂h_t‖ against lag, one panel per spectral radius.
///
/// The norm is the mean over batch elements of the log10 of each one's own. ∂L/∂c_t of an LSTM is
/// a dotted curve in the same colour.
struct DecayFigure: RunFigure {
  let name: FigureName = "decay"
  let question = "How do gradients change on their way back through time?"
  let stepColumns: Set<StepColumn> = [.hiddenMean, .cellMean]

  private static let columns = [
    "spectral_radius", "cell", "forget_bias", "gradient", "lag", "log10_median", "log10_q25",
    "log10_q75", "seeds",
  ]

  /// What is drawn of a variant at a radius: curves of ∂L/∂h_t and ∂L/∂c_t.
  private typealias Curves = (hidden: SeedCurve, cell: SeedCurve)

  func drawing(of records: RunRecords) throws -> FigureDrawing {
    let panels = try LagPanels<Curves>(records) { _, tables, _ in
      func curve(_ column: StepColumn) -> SeedCurve {
        let steps = tables.first?.steps ?? 0
        return SeedCurve(seeds: tables.map { $0.byLag(column) }, lags: Lags.even(steps))
      }
      return (curve(.hiddenMean), curve(.cellMean))
    }
    let curves = panels.panels.flatMap { $0.contents.flatMap { [$0.hidden, $0.cell] } }
    guard curves.contains(where: { !$0.isEmpty }) else {
      throw FigureOmission(reason: "no finished trial of the longest sequences has gradients")
    }
    let variants = panels.variants
    var page = FigurePage(
      self, columns: Self.columns, title: "Gradient norms on the way back through time",
      subtitle: "At lag \(curves.compactMap { $0.last?.x }.max() ?? 0), "
        + panels.ends { $0.hidden.last.map { Brief.power($0.summary.median) } }.joined(separator: "; "),
      caption: FigureCaption(records, panels.slice, statistic: "median and quartiles"),
      styles: panels.styles + panels.styles.map { $0.dotted() },
      legend: Legend.each(variants.map(\.label))
        + variants.enumerated().filter { $1.cell.carriesCellState }.map { k, variant in
          LegendEntry("∂L/∂c_t of \(variant.label)", "lines linetype \(k + 1 + variants.count)")
        }, grid: GridLayout(slots: panels.panels.indices))
    let axis = DecadeAxis(curves.lazy.flatMap(\.values))
    page.add(axis.functions + DecadeAxis.lagCommands(count: panels.steps))
    for panel in panels.panels {
      page.beginPanel(
        panel.title, x: "lag T − t (steps)", y: "‖∂L/∂h_t‖ (geometric mean over batch)", axis: axis)
      addPrecisionLimits(panels.slice.trials.first?.precision, axis, &page)
      page.note(panel.notes)
      for (k, curves) in panel.contents.enumerated() {
        let fields = [CSVField.number(panel.radius)] + variants[k].fields
        page.draw(curves.hidden, fields + ["h"], linetype: k + 1)
        page.draw(curves.cell, fields + ["c"], linetype: k + 1 + variants.count, hasBand: false)
      }
      page.plot(orElse: "zero_level - 1e6")
    }
    return page.finished()
  }

  /// Lines where a framework's numbers end, if they are in sight.
  private func addPrecisionLimits(_ precision: Precision?, _ axis: DecadeAxis, _ page: inout FigurePage) {
    guard let precision else { return }
    let (smallest, largest) =
      switch precision {
      case .float32:
        (Double(Float.leastNormalMagnitude), Double(Float.greatestFiniteMagnitude))
      case .float64: (Double.leastNormalMagnitude, Double.greatestFiniteMagnitude)
      }
    // On an axis of thousands of decades the two lines would be one.
    guard log10(largest) - log10(smallest) > 0.1 * (axis.high - axis.low) else { return }
    for (limit, text, offset) in [
      (smallest, "below: denormal in \(precision.rawValue)", -0.7),
      (largest, "above: infinite in \(precision.rawValue)", 0.7),
    ] {
      let y = log10(limit)
      guard y > axis.low, y < axis.high else { continue }
      page.rule(at: y, Pen.limit)
      page.addGraphic(
        "set label '\(text)' at graph 0.02, first \(fixed(y)) left offset 0, \(offset) font sized(0.8) "
          + "textcolor rgb '#777777'")
    }
  }
}
