import Experiments
import Foundation
import GradientFlow

/// Which steps make up ∂L/∂W_hh: the share of the last k = lag + 1 steps in the sum of contribution norms.
/// It is no share of the gradient, in which they may cancel.
///
///     share(k) = Σ_{lag < k} ‖contribution‖ / Σ_t ‖contribution of t‖
struct ContributionsFigure: RunFigure {
  let name: FigureName = "contributions"
  let question = "Which steps make up the gradient of W_hh?"
  let stepColumns: Set<StepColumn> = [.weightHH]
  let fixedX: String? = "the number of last steps"

  func objection(to specification: SweepSpecification) -> String? {
    let recording = specification.recording
    let lengths = specification.values(of: .sequenceLength, \.sequenceLength)
    return lengths.contains { recording.times(steps: $0) != nil }
      ? "its sums are over every step, and the run has some (record: \(recording.rawValue))" : nil
  }

  private static let reach = 0.9

  /// What is drawn of a curve: by seed, the shares by lag.
  private struct Content {
    let shares: [[Double]]

    /// The first lag at which the median share is so large, and that share.
    func first(_ share: Double) -> (lag: Int, share: Double)? {
      // The median grows with lag.
      func median(_ lag: Int) -> Double { quantile(shares.map { $0[lag] }, 0.5) ?? 0 }
      let count = shares.map(\.count).min() ?? 0
      var (low, high) = (0, count)
      while low < high {
        let middle = (low + high) / 2
        if median(middle) >= share { high = middle } else { low = middle + 1 }
      }
      return low < count ? (low, median(low)) : nil
    }
  }

  func plot(of records: RunRecords) throws -> Plot {
    // A weight of the encoder is another one than the decoder's.
    let panels = try LagPanels<Content>(records, joiningParts: false) { curve, steps, notes in
      let shares = steps.compactMap { Self.cumulativeShares(log10Norms: $0.table.byLag(.weightHH)) }
      if shares.count < steps.count {
        notes.append(
          "\(curve.label): all contributions 0 in \(steps.count - shares.count) of \(steps.count)")
      }
      return Content(shares: shares)
    }
    let (facets, steps) = (panels.facets, panels.steps)
    let lasts = panels.panels.flatMap(\.contents).compactMap { $0.first(Self.reach)?.lag }
    guard let least = lasts.min() else {
      throw FigureOmission(
        reason: "no finished trial of the longest sequences has contributions that are not 0")
    }
    // Few last steps would be lost at the left end of a linear axis, few first ones at the right end of a logarithmic one.
    let isLogarithmic = least < steps / 10
    let label = "number of last steps, lag + 1"
    let x: PanelAxis =
      isLogarithmic
      ? .logarithmic(label, from: 1, to: Double(max(2, steps)) * 1.1)
      : .counts(label, from: min(1, steps), to: max(2, steps))
    let lags = isLogarithmic ? Lags.logarithmic(steps) : Lags.even(steps)
    let whole = facets.slice.sequenceLengths.count > 1 ? "each sequence" : Brief.grouped(steps)
    let drawn = panels.panels.filter { Self.hasShape($0.contents, x) }
    guard !drawn.isEmpty else {
      throw FigureOmission(
        reason: "hardly any steps make up each sum: 90 % of it is reached within the last "
          + "\(least + 1) to \((lasts.max() ?? least) + 1) of \(steps) steps")
    }
    let missing = panels.panels.filter { panel in !drawn.contains { $0.facet.label == panel.facet.label } }
    var plot = Plot(
      self, columns: facets.columns + ["lag", "share_median", "share_q25", "share_q75", "seeds"],
      title: "Share of the last steps in the sum of contribution norms to ∂L/∂W_{hh}",
      statement: "Last steps, of \(whole), that hold 90 % of the sum: "
        + panels.ranges({ $0.first(Self.reach).map { Double($0.lag + 1) } }) { Brief.grouped(Int($0)) }
        .joined(separator: "; "),
      caption: FigureCaption(
        records, facets.slice, statistic: "median and quartiles",
        notes: missing.map { "\($0.facet.label) not drawn: \(Self.reason($0.contents))" }
          + (facets.slice.layers.contains { $0.place.part != nil }
            ? ["encoder and decoder have weights of their own, and steps from their own ends"] : [])
          + facets.omissions + Lags.note(steps, drawn: lags.count)),
      legend: Legend.each(facets.hues.map(\.label), facets.styles)
        + Legend.entry("90 % reached (median)", .points, CurveStyle(.black, [], 7), size: 1.3),
      grid: facets.rows.map {
        $0.only(
          panels.panels.indices.filter { k in
            drawn.contains { $0.facet.label == panels.panels[k].facet.label }
          })
      })
    for content in drawn {
      var panel = Panel(content.facet.label, x: x, y: .share("share of Σ_t ‖contribution of step t‖"))
      panel.level(Self.reach, .limit, label: "90 %")
      panel.notes = content.notes
      for (k, curve) in content.contents.enumerated() {
        panel.median(
          plot.append(
            SeedCurve(seeds: curve.shares, lags: lags), facets.fields(content.facet, facets.hues[k])),
          x: Coordinate("lag", plus: 1), quantity: "share", facets.styles[k])
      }
      for (k, curve) in content.contents.enumerated() {
        guard let (lag, share) = curve.first(Self.reach) else { continue }
        panel.spots([(Double(lag + 1), share)], CurveStyle(facets.styles[k].color, [], 7), size: 1.3)
      }
      plot.panels.append(panel)
    }
    return plot
  }

  /// Whether some curve is more than a vertical line.
  private static func hasShape(_ contents: [Content], _ x: PanelAxis) -> Bool {
    contents.contains { content in
      guard let first = content.first(0.05)?.lag, let last = content.first(0.95)?.lag else { return false }
      return last > 0 && x.place(Double(last + 1)) - x.place(Double(first + 1)) > 0.02 * (x.high - x.low)
    }
  }

  private static func reason(_ contents: [Content]) -> String {
    contents.contains { !$0.shares.isEmpty }
      ? "nearly all of each sum is of a few steps" : "no contribution differs from 0"
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
}
