import Experiments
import Foundation
import GradientFlow
import TextFiles

/// log10 ‖∂L/∂h_t‖ against lag, one panel per spectral radius.
///
/// The norm is the mean over batch elements of the log10 of each one's own. ∂L/∂c_t of an LSTM is a dotted curve in the
/// same colour, where it can be told from ∂L/∂h_t.
struct DecayFigure: RunFigure {
  let name: FigureName = "decay"
  let question = "How do gradients change on their way back through time?"
  let stepColumns: Set<StepColumn> = [.hiddenMean, .cellMean]
  let fixedX: String? = "the lag"

  /// Of one curve in one panel.
  private struct Curves {
    let hidden, cell: SeedCurve
    let sequences: SequenceCounts?
    /// The lag of an encoder's last step.
    let seam: Int?

    /// What is said of it: at the longest lag, or the longest that enough sequences have.
    var told: SeedPoint? { SequenceCounts.told(hidden, sequences) }

    init(_ steps: [LayerSteps]) {
      let lags = Lags.recorded(steps)
      func curve(_ column: StepColumn) -> SeedCurve {
        SeedCurve(seeds: steps.map { $0.table.byLag(column) }, lags: lags)
      }
      (hidden, cell) = (curve(.hiddenMean), curve(.cellMean))
      sequences = SequenceCounts(steps)
      seam = steps.seam
    }
  }

  func plot(of records: RunRecords) throws -> Plot {
    let panels = try LagPanels<Curves>(records) { _, steps, _ in Curves(steps) }
    let facets = panels.facets
    let all = panels.panels.flatMap(\.contents)
    let curves = all.flatMap { [$0.hidden, $0.cell] }
    guard curves.contains(where: { !$0.isEmpty }) else {
      throw FigureOmission(reason: "no finished trial of the longest sequences has gradients")
    }
    let axis = PanelAxis.decades("‖∂L/∂h_t‖ (geometric mean over batch)", curves.lazy.flatMap(\.values))
    let parted = all.filter { !$0.cell.isEmpty }.map(Self.distance)
    let hasCell = parted.contains { $0 > 0.02 * (axis.high - axis.low) }
    let countsSequences = all.contains { $0.sequences != nil }
    var plot = Plot(
      self,
      columns: facets.columns + ["gradient", "lag", "log10_median", "log10_q25", "log10_q75", "seeds"]
        + (countsSequences ? ["sequences"] : []),
      title: "Gradient norms on the way back through time",
      statement: Self.place(all)
        + panels.ranges({ $0.told?.summary.median }, Brief.power).joined(separator: "; "),
      caption: FigureCaption(
        records, facets.slice, statistic: "median and quartiles",
        notes: (parted.isEmpty || hasCell
          ? [] : ["∂L/∂c_t, within \(Brief.rounded(parted.max() ?? 0)) decades of ∂L/∂h_t, not drawn"])
          + SequenceCounts.note(all.compactMap(\.sequences)) + Seam.note(all.map(\.seam))
          + facets.omissions + Self.note(panels, records)),
      legend: Legend.each(facets.hues.map(\.label), facets.styles)
        + Legend.entry(
          "∂L/∂c_t, dotted", .line, CurveStyle(.darkGrey, [], 0).dotted(), if: hasCell), grid: facets.rows)
    for content in panels.panels {
      var panel = Panel(content.facet.label, x: .lag(panels.steps), y: axis)
      addPrecisionLimits(facets.slice.trials.first?.precision, &panel)
      Seam.draw(content.contents.map(\.seam), &panel)
      panel.notes = content.notes
      for (k, curves) in content.contents.enumerated() {
        let fields = facets.fields(content.facet, facets.hues[k])
        func block(_ curve: SeedCurve, _ name: Field) -> DataBlock? {
          let rows = curve.rows(fields + [name])
          guard countsSequences else { return plot.append(rows) }
          return plot.append(
            zip(curve, rows).map { point, row in
              row + [Field((curves.sequences?.count(lag: point.x)).map(Double.init))]
            })
        }
        let few = curves.sequences?.firstFew(of: curves.hidden.map(\.x))
        panel.median(block(curves.hidden, "h"), from: few, facets.styles[k])
        guard hasCell else { continue }
        panel.median(
          block(curves.cell, "c"), hasBand: false, from: few, facets.styles[k].dotted())
      }
      plot.panels.append(panel)
    }
    return plot
  }

  private static func note(_ panels: LagPanels<Curves>, _ records: RunRecords) -> [String] {
    let recording = records.run.specification.recording
    let drawn = panels.panels.flatMap(\.contents).map(\.hidden.count).max() ?? 0
    return recording == .every
      ? Lags.note(panels.steps) : Lags.note(panels.steps, drawn: drawn, of: recording)
  }

  /// The most decades between the medians of ∂L/∂h_t and ∂L/∂c_t at a lag.
  private static func distance(_ curves: Curves) -> Double {
    let hidden = Dictionary(uniqueKeysWithValues: curves.hidden.map { ($0.x, $0.summary.median) })
    return curves.cell.map { point in
      guard let other = hidden[point.x], other != point.summary.median else { return 0 }
      return (point.summary.median - other).magnitude
    }.max() ?? 0
  }

  /// Where the norms of the statement are.
  private static func place(_ curves: [Curves]) -> String {
    let lags = curves.compactMap { $0.told?.x }.distinct
    let which = curves.contains { $0.sequences != nil } ? " that half of the sequences have" : ""
    return lags.count == 1
      ? "At lag \(Brief.grouped(lags[0]))\(which.isEmpty ? "" : ", the longest\(which)"), "
      : "At the longest lag of each\(which), "
  }

  /// Lines where a framework's numbers end, if they are in sight.
  private func addPrecisionLimits(_ precision: Precision?, _ panel: inout Panel) {
    guard let precision else { return }
    let (smallest, largest) =
      switch precision {
      case .float32: (Double(Float.leastNormalMagnitude), Double(Float.greatestFiniteMagnitude))
      case .float64: (Double.leastNormalMagnitude, Double.greatestFiniteMagnitude)
      }
    // On an axis of thousands of decades the two lines would be one.
    guard log10(largest) - log10(smallest) > 0.1 * (panel.y.high - panel.y.low) else { return }
    for (limit, words) in [
      (log10(smallest), "below: denormal in \(precision.rawValue)"),
      (log10(largest), "above: infinite in \(precision.rawValue)"),
    ] where limit > panel.y.bottom && limit < panel.y.top {
      panel.level(limit, .limit, label: words)
    }
  }
}
