import Experiments
import Foundation
import GradientFlow

/// Which steps make up ∂L/∂W_hh: the share of the last k = lag + 1 steps in the sum of contribution
/// norms.
///
///     share(k) = Σ_{lag < k} ‖contribution‖ / Σ_t ‖contribution of t‖
struct ContributionsFigure: Figure {
  let name: FigureName = "contributions"
  let question = "Which steps make up the gradient of W_hh?"
  let stepColumns: Set<StepColumn> = [.weightHH]

  private static let reach = 0.9
  private static let columns = [
    "spectral_radius", "cell", "forget_bias", "lag", "cumulative_share_median",
    "cumulative_share_q25", "cumulative_share_q75", "seeds",
  ]

  private struct Panel {
    let radius: Double
    var curves: [(variant: Int, curve: LagCurve)] = []
    /// Last steps that reach 90 %, by variant.
    var reached: [(variant: Int, steps: Int, share: Double)] = []
    var notes: [String] = []
  }

  func drawing(of records: RunRecords) throws -> FigureDrawing {
    let slice = SweepSlice(records.run.trials)
    let panels = LagPanels(slice)
    let steps = slice.trials.first?.sequenceLength ?? 0
    let contents = try panels.radii.map { try panel($0, panels, records, steps: steps) }
    guard contents.contains(where: { !$0.curves.isEmpty || !$0.notes.isEmpty }) else {
      throw FigureOmission(reason: "no finished trial of the longest sequences has gradients")
    }
    let caption = FigureCaption(records, slice, statistic: "median and quartiles")
    var page = FigurePage(
      name.rawValue, question: question, columns: Self.columns,
      heading: .init(
        title: "Share of the last steps in the gradient of W_{hh}",
        subtitle: statement(contents, panels), warning: caption.warning, caption: caption.parts),
      styles: panels.styles,
      legend: panels.variants.enumerated().map {
        .init(title: $1.label, style: "with lines linetype \($0 + 1)")
      } + [
        .init(
          title: "90 % reached (median)",
          style: "with points pointtype 7 pointsize 1.3 linecolor rgb '#000000'")
      ], panels: contents.count)
    page.add(
      "shown(c) = column(c)", "set yrange [0:1.04]", "set ytics 0, 0.2, 1",
      "set logscale x", "set xrange [1:\(Double(max(2, steps)) * 1.4)]")
    var table = FigureTable(columns: Self.columns)
    for content in contents {
      page.beginPanel(panels.title(content.radius))
      page.labelAxes(
        x: "number of last steps, lag + 1", y: "share of Σ_t ‖contribution of t‖",
        xFormat: steps > 1000 ? "10^{%L}" : "%g")
      let percent = "'%g'"
      page.add(page.isAtLeft ? "set format y \(percent)" : "set format y (paged ? \(percent) : '')")
      page.add(
        "if (!paged) { set arrow from graph 0, first \(Self.reach) to graph 1, first \(Self.reach) "
          + "nohead back linecolor rgb '#888888' linewidth 1 dashtype (2,3) }")
      for (variant, steps, share) in content.reached {
        page.add(
          "if (!paged) { set label at \(steps), \(fixed(share)) point pointtype 7 pointsize 1.3 "
            + "linecolor rgb '\(panels.styles[variant].color.rawValue)' front }")
      }
      page.note(content.notes, x: 0.3)
      page.plot(elements(content, panels, &table))
    }
    return FigureDrawing(name: name.rawValue, table: table, script: page.finished())
  }

  private func panel(
    _ radius: Double, _ panels: LagPanels, _ records: RunRecords, steps: Int
  ) throws -> Panel {
    var panel = Panel(radius: radius)
    let lags = LagCurve.logarithmicLags(steps)
    for (k, variant) in panels.variants.enumerated() {
      let (tables, diverged) = try LagPanels.stepTables(panels.trials(variant, radius), records)
      if diverged > 0 { panel.notes.append("\(variant.label): \(diverged) diverged, no gradients") }
      let shares = tables.compactMap { Self.cumulativeShares(log10Norms: $0.byLag(.weightHH)) }
      if shares.count < tables.count {
        panel.notes.append(
          "\(variant.label): all contributions 0 in \(tables.count - shares.count) of "
            + "\(tables.count)")
      }
      let curve = LagCurve(seeds: shares, lags: lags)
      guard !curve.points.isEmpty else { continue }
      panel.curves.append((k, curve))
      if let (steps, share) = Self.firstReach(shares) { panel.reached.append((k, steps, share)) }
    }
    return panel
  }

  /// Cumulative shares from lag 0 upwards, computed in log space; nil if every norm is zero.
  static func cumulativeShares(log10Norms: [Double]) -> [Double]? {
    guard let largest = log10Norms.max(), largest.isFinite else { return nil }
    let weights = log10Norms.map { pow(10, $0 - largest) }
    let sum = weights.reduce(0, +)
    var reached = 0.0
    return weights.map { weight in
      reached += weight
      return min(1, reached / sum)
    }
  }

  /// The number of last steps at which the median share reaches 90 %, and that share.
  private static func firstReach(_ shares: [[Double]]) -> (Int, Double)? {
    let count = shares.map(\.count).min() ?? 0
    // The median grows with lag.
    func median(_ lag: Int) -> Double { quantile(shares.map { $0[lag] }, 0.5) ?? 0 }
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if median(middle) >= reach { high = middle } else { low = middle + 1 }
    }
    return low < count ? (low + 1, median(low)) : nil
  }

  private func elements(
    _ panel: Panel, _ panels: LagPanels, _ table: inout FigureTable
  ) -> [String] {
    let curves = panel.curves.compactMap { variant, curve -> PlottedCurve? in
      let fields = [CSVField.number(panel.radius)] + panels.variants[variant].fields
      return table.append(curve, fields: fields).map { block in
        PlottedCurve(
          block: block, points: curve.points.count, linetype: variant + 1, x: "(column(lag) + 1)",
          columns: .share)
      }
    }
    return curves.isEmpty ? ["-1 notitle"] : PlottedCurve.elements(curves)
  }

  /// How far back 90 % reach at both ends of the radii.
  private func statement(_ contents: [Panel], _ panels: LagPanels) -> String {
    let parts = panels.variants.enumerated().compactMap { k, variant -> String? in
      let ends = contents.compactMap { panel in
        panel.reached.first { $0.variant == k }.map { (steps: $0.steps, radius: panel.radius) }
      }
      guard let first = ends.first, let last = ends.last else { return nil }
      if ends.count == 1 { return "\(variant.label): \(first.steps)" }
      return "\(variant.label): \(first.steps) (ρ = \(CSVField.number(first.radius))) to "
        + "\(last.steps) (ρ = \(CSVField.number(last.radius)))"
    }
    guard !parts.isEmpty else { return "All contributions are exactly zero." }
    return "Number of last steps that contribute 90 %: " + parts.joined(separator: "; ")
  }
}
