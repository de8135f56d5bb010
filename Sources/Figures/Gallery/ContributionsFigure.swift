import Experiments
import Foundation
import GradientFlow

/// Which steps make up ∂L/∂W_hh: the share of the last k = lag + 1 steps in the sum of contribution
/// norms.
///
///     share(k) = Σ_{lag < k} ‖contribution‖ / Σ_t ‖contribution of t‖
struct ContributionsFigure: RunFigure {
  let name: FigureName = "contributions"
  let question = "Which steps make up the gradient of W_hh?"
  let stepColumns: Set<StepColumn> = [.weightHH]

  private static let reach = 0.9
  private static let columns = [
    "spectral_radius", "cell", "forget_bias", "lag", "cumulative_share_median",
    "cumulative_share_q25", "cumulative_share_q75", "seeds",
  ]

  /// What is drawn of a variant at a radius.
  private struct Content {
    let shares: SeedCurve
    /// How many last steps reach 90 %, and which share they have.
    let reached: (steps: Int, share: Double)?
  }

  func drawing(of records: RunRecords) throws -> FigureDrawing {
    let panels = try LagPanels<Content>(records) { variant, tables, notes in
      let shares = tables.compactMap { Self.cumulativeShares(log10Norms: $0.byLag(.weightHH)) }
      if shares.count < tables.count {
        notes.append(
          "\(variant.label): all contributions 0 in \(tables.count - shares.count) of \(tables.count)")
      }
      let lags = Lags.logarithmic(tables.first?.steps ?? 0)
      return Content(shares: SeedCurve(seeds: shares, lags: lags), reached: Self.firstReach(shares))
    }
    let contents = panels.panels.flatMap(\.contents)
    guard
      contents.contains(where: { !$0.shares.isEmpty })
        || panels.panels.contains(where: { !$0.notes.isEmpty })
    else {
      throw FigureOmission(reason: "no finished trial of the longest sequences has gradients")
    }
    let ends = panels.ends { content in content.reached.map { "\($0.steps)" } }
    var page = FigurePage(
      self, columns: Self.columns, title: "Share of the last steps in the gradient of W_{hh}",
      subtitle: ends.isEmpty
        ? "All contributions are exactly zero."
        : "Number of last steps that contribute 90 %: " + ends.joined(separator: "; "),
      caption: FigureCaption(records, panels.slice, statistic: "median and quartiles"), styles: panels.styles,
      legend: Legend.each(panels.variants.map(\.label))
        + Legend.entry(
          "90 % reached (median)", "points pointtype 7 pointsize 1.3 linecolor rgb '#000000'"),
      grid: GridLayout(slots: panels.panels.indices))
    page.add(
      "shown(c) = column(c)", "set yrange [0:1.04]", "set ytics 0, 0.2, 1",
      "set logscale x", "set xrange [1:\(Double(max(2, panels.steps)) * 1.4)]")
    for panel in panels.panels {
      page.beginPanel(
        panel.title, x: "number of last steps, lag + 1", y: "share of Σ_t ‖contribution of t‖",
        xFormat: panels.steps > 1000 ? "10^{%L}" : "%g")
      page.numberYTics()
      page.rule(at: Self.reach, Pen.limit)
      for (style, content) in zip(panels.styles, panel.contents) {
        guard let (steps, share) = content.reached else { continue }
        page.addGraphic(
          "set label at \(steps), \(fixed(share)) point pointtype 7 pointsize 1.3 \(Pen.color(style)) front")
      }
      page.note(panel.notes, x: 0.3)
      for (k, content) in panel.contents.enumerated() {
        page.draw(
          content.shares, [CSVField.number(panel.radius)] + panels.variants[k].fields,
          x: "(column(lag) + 1)", quantity: "cumulative_share", linetype: k + 1)
      }
      page.plot(orElse: "-1")
    }
    return page.finished()
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
  private static func firstReach(_ shares: [[Double]]) -> (steps: Int, share: Double)? {
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
}
