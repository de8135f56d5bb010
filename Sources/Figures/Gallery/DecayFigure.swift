import Experiments
import Foundation
import GradientFlow

/// log10 ‖∂L/∂h_t‖ against lag, one panel per spectral radius.
///
/// The norm is the mean over batch elements of the log10 of each one's own. ∂L/∂c_t of an LSTM is
/// a dotted curve in the same colour.
struct DecayFigure: Figure {
  let name: FigureName = "decay"
  let question = "How do gradients change on their way back through time?"
  let stepColumns: Set<StepColumn> = [.hiddenMean, .cellMean]

  private static let columns = [
    "spectral_radius", "cell", "forget_bias", "gradient", "lag", "log10_median", "log10_q25",
    "log10_q75", "seeds",
  ]

  private struct Curve {
    let variant: Int
    let column: StepColumn
    let curve: LagCurve
  }

  private struct Panel {
    let radius: Double
    var curves: [Curve] = []
    var notes: [String] = []
  }

  func drawing(of records: RunRecords) throws -> FigureDrawing {
    let slice = SweepSlice(records.run.trials)
    let panels = LagPanels(slice)
    let steps = slice.trials.first?.sequenceLength ?? 0
    let contents = try panels.radii.map { try panel($0, panels, records, steps: steps) }
    guard contents.contains(where: { !$0.curves.isEmpty }) else {
      throw FigureOmission(reason: "no finished trial of the longest sequences has gradients")
    }
    let caption = FigureCaption(records, slice, statistic: "median and quartiles")
    var page = FigurePage(
      name.rawValue, question: question, columns: Self.columns,
      heading: .init(
        title: "Gradient norms on the way back through time",
        subtitle: statement(contents, panels), warning: caption.warning, caption: caption.parts),
      styles: panels.styles + panels.styles.map(\.dotted),
      legend: legend(panels), panels: contents.count)
    let axis = DecadeAxis(contents.lazy.flatMap { $0.curves.lazy.flatMap { $0.curve.values } })
    page.add(axis.functions)
    page.add(DecadeAxis.lagCommands(count: steps))

    var table = FigureTable(columns: Self.columns)
    for content in contents {
      page.beginPanel(panels.title(content.radius))
      page.labelAxes(x: "lag T − t (steps)", y: "‖∂L/∂h_t‖ (geometric mean over batch)")
      page.add(axis.commands(labelled: page.isAtLeft))
      page.add(precisionLimits(slice.trials.first?.precision, axis))
      page.note(content.notes)
      page.plot(elements(content, panels, &table))
    }
    return FigureDrawing(name: name.rawValue, table: table, script: page.finished())
  }

  private func panel(
    _ radius: Double, _ panels: LagPanels, _ records: RunRecords, steps: Int
  ) throws -> Panel {
    var panel = Panel(radius: radius)
    let lags = LagCurve.lags(steps)
    for (k, variant) in panels.variants.enumerated() {
      let (tables, diverged) = try LagPanels.stepTables(panels.trials(variant, radius), records)
      if diverged > 0 { panel.notes.append("\(variant.label): \(diverged) diverged, no gradients") }
      for column in [StepColumn.hiddenMean, .cellMean] {
        let curve = LagCurve(seeds: tables.map { $0.byLag(column) }, lags: lags)
        if !curve.points.isEmpty {
          panel.curves.append(Curve(variant: k, column: column, curve: curve))
        }
      }
    }
    return panel
  }

  private func elements(
    _ panel: Panel, _ panels: LagPanels, _ table: inout FigureTable
  ) -> [String] {
    let curves = panel.curves.compactMap { curve -> PlottedCurve? in
      let isHidden = curve.column == .hiddenMean
      let fields =
        [CSVField.number(panel.radius)] + panels.variants[curve.variant].fields
        + [isHidden ? "h" : "c"]
      return table.append(curve.curve, fields: fields).map { block in
        PlottedCurve(
          block: block, points: curve.curve.points.count,
          linetype: curve.variant + 1 + (isHidden ? 0 : panels.variants.count), hasBand: isHidden)
      }
    }
    // A panel without curves still has its axes: zero_level - 1 is out of sight.
    return curves.isEmpty ? ["zero_level - 1e6 notitle"] : PlottedCurve.elements(curves)
  }

  private func legend(_ panels: LagPanels) -> [FigurePage.LegendEntry] {
    let hidden = panels.variants.enumerated().map { k, variant in
      FigurePage.LegendEntry(title: variant.label, style: "with lines linetype \(k + 1)")
    }
    let cells = panels.variants.enumerated().filter { $1.cell.carriesCellState }.map { k, variant in
      FigurePage.LegendEntry(
        title: "∂L/∂c_t of \(variant.label)",
        style: "with lines linetype \(k + 1 + panels.variants.count)")
    }
    return hidden + cells
  }

  /// Lines where a framework's numbers end, if they are in sight.
  private func precisionLimits(_ precision: Precision?, _ axis: DecadeAxis) -> [String] {
    guard let precision else { return [] }
    let (smallest, largest) =
      switch precision {
      case .float32:
        (Double(Float.leastNormalMagnitude), Double(Float.greatestFiniteMagnitude))
      case .float64: (Double.leastNormalMagnitude, Double.greatestFiniteMagnitude)
      }
    // On an axis of thousands of decades the two lines would be one.
    guard log10(largest) - log10(smallest) > 0.1 * (axis.high - axis.low) else { return [] }
    let limits = [
      (smallest, "below: denormal in \(precision.rawValue)", -0.7),
      (largest, "above: infinite in \(precision.rawValue)", 0.7),
    ]
    return limits.flatMap { limit, text, offset in
      let y = log10(limit)
      guard y > axis.low, y < axis.high else { return [String]() }
      return [
        "if (!paged) { set arrow from graph 0, first \(fixed(y)) to graph 1, first \(fixed(y)) "
          + "nohead back linecolor rgb '#888888' linewidth 1 dashtype (2,3) }",
        "if (!paged) { set label '\(text)' at graph 0.02, first \(fixed(y)) left offset 0, "
          + "\(offset) font sized(0.8) textcolor rgb '#777777' }",
      ]
    }
  }

  /// What is seen at the largest lag, in one sentence a variant.
  private func statement(_ contents: [Panel], _ panels: LagPanels) -> String {
    let parts = panels.variants.enumerated().compactMap { k, variant -> String? in
      let ends = contents.compactMap { panel -> (String, String)? in
        guard
          let last = panel.curves.first(where: { $0.variant == k && $0.column == .hiddenMean })?
            .curve.points.last
        else { return nil }
        return (Brief.power(last.summary.median), CSVField.number(panel.radius))
      }
      guard let first = ends.first, let last = ends.last else { return nil }
      if ends.count == 1 { return "\(variant.label): \(first.0)" }
      return "\(variant.label): \(first.0) (ρ = \(first.1)) to \(last.0) (ρ = \(last.1))"
    }
    let lags = contents.lazy.flatMap { $0.curves.lazy.compactMap { $0.curve.points.last?.lag } }
    return "At lag \(lags.max() ?? 0), " + parts.joined(separator: "; ")
  }
}
