import Experiments
import Foundation
import GradientFlow
import TextFiles

/// How often closing brackets and quotes are not foreseen, by the distance from the opening one: a curve a model, a panel
/// a kind of mark.
///
/// - Note: Source: Karpathy, Johnson & Fei-Fei, arXiv 1506.02078 (2015), section 4.3.
struct ClosingFigure: LanguageFigure {
  let name = LanguageFigureName.closing
  let question = "How far back does the network foresee a closing bracket or quote?"

  private static let columns = [
    "mark", "model", "least_distance", "largest_distance", "distance", "marks", "errors", "error_rate",
    "ci95_low", "ci95_high",
  ]
  /// Models of which the statement speaks.
  private static let told = 4

  func plot(of findings: LanguageFindings) throws -> Plot {
    guard let errors = findings.closing, !errors.models.isEmpty else {
      throw FigureOmission(reason: "closing marks were not looked at")
    }
    let all = ClosingRates.all(errors)
    let kinds = all.filter { !$0.points.isEmpty }
    guard !kinds.isEmpty else {
      throw FigureOmission(
        reason: "the text has no kind of bracket or quote that closes \(ClosingRates.least.ofKind) times")
    }
    let styles = Self.styles(errors.models.count)
    var plot = Plot(
      self, columns: Self.columns, title: "Closing brackets and quotes that a model does not foresee",
      statement: Self.statement(kinds, errors.models),
      caption: FigureCaption(findings, notes: Self.notes(all, models: errors.models.count)),
      legend: Legend.each(errors.models.map(Markup.plain), as: .linePoints, styles))
    let places = kinds.flatMap(\.points).map(\.place)
    let x = PanelAxis.logarithmic(
      "distance from the opening mark (characters)", from: (places.min() ?? 1) / 1.4,
      to: 1.4 * (places.max() ?? 1))
    for kind in kinds {
      var panel = Panel(
        Markup.plain("\(kind.name) \(kind.signs): \(Brief.grouped(kind.count))"), x: x, y: .errors)
      for (m, style) in styles.enumerated() {
        let shift = 0.014 * (x.high - x.low) * (Double(m) - Double(styles.count - 1) / 2)
        panel.estimates(
          plot.append(kind.points.map { row($0, kind, m, errors.models) }),
          x: Coordinate("distance", times: pow(10, shift)), y: "error_rate",
          interval: ("ci95_low", "ci95_high"), runs: kind.runs, style, size: 1.2)
      }
      plot.panels.append(panel)
    }
    // What is too little to be drawn is in the data.
    for kind in all {
      for m in styles.indices {
        _ = plot.append(kind.others.map { row($0, kind, m, errors.models) })
      }
    }
    return plot
  }

  private func row(
    _ point: ClosingRates.Point, _ kind: ClosingRates, _ m: Int, _ models: [String]
  ) -> [Field] {
    let rate = point.rates[m]
    return [
      Field(kind.kind.rawValue), Field(models[m]), Field(point.distances.lowerBound),
      Field(point.distances.upperBound), .drawn(point.place), Field(point.count), Field(rate.successes),
      .drawn(rate.rate), .drawn(rate.low), .drawn(rate.high),
    ]
  }

  /// Told apart by dashes and points, too.
  private static func styles(_ count: Int) -> [CurveStyle] {
    let colors: [PlotColor] = [.vermillion, .blue, .green, .purple, .orange, .skyBlue, .black]
    let dashes = [[], [12, 5], [3, 4], [10, 4, 3, 4], [20, 5], [6, 4], [16, 4, 3, 4, 3, 4]]
    let points = [7, 5, 9, 13, 11, 15, 4]
    return (0..<count).map { k in
      // From the eighth on dashes differ from those of the same colour.
      CurveStyle(colors[k % 7], dashes[(k + k / 7) % 7], points[k % 7])
    }
  }

  // MARK: - Words

  private static func notes(_ all: [ClosingRates], models: Int) -> [String] {
    let least = ClosingRates.least
    let drawn = all.filter { !$0.points.isEmpty }
    let few = drawn.flatMap(\.others).reduce(0) { $0 + $1.count }
    let open = drawn.flatMap(\.points).first { $0.isOpen }
    return [
      "missed: the closing mark has a probability below 0.5", "bars: 95 % interval by Wilson",
      "points at the geometric middle of their distances"
        + (open.map {
          ", from \(Brief.grouped($0.distances.lowerBound)) on at \(Brief.grouped(Int($0.place)))"
        }
          ?? ""),
    ]
      + (models > 1
        ? ["better: its interval is below those of all others", "points offset for clarity"] : [])
      + (few > 0 ? ["not drawn: \(few) marks at distances with fewer than \(least.ofClass)"] : [])
      + all.filter(\.points.isEmpty).map { Markup.plain("too few to be drawn: \($0.name), \($0.count)") }
  }

  /// What each model misses of each kind, and who is better where.
  private static func statement(_ kinds: [ClosingRates], _ models: [String]) -> String {
    let names = models.prefix(told).map(Markup.plain).joined(separator: " / ")
    guard models.count > 1 else {
      return "\(names) misses " + kinds.map(course).joined(separator: "; ")
    }
    let shares = kinds.map { kind in
      let numbers = models.indices.prefix(told).map { Brief.number(100 * kind.total($0).rate) }
      return "\(numbers.joined(separator: " / ")) % of \(Brief.grouped(kind.count)) \(kind.name)"
    }
    let others = models.count > told ? " (\(told) of \(models.count) models)" : ""
    return "\(names)\(others) miss \(shares.joined(separator: ", ")). \(comparison(kinds, models))"
  }

  private static func comparison(_ kinds: [ClosingRates], _ models: [String]) -> String {
    let found = models.indices.compactMap { m -> String? in
      let places = kinds.compactMap { kind in kind.better(m).map { "\($0) of \(kind.name)" } }
      return places.isEmpty
        ? nil : "\(Markup.plain(models[m])) is better at distance \(places.joined(separator: ", "))"
    }
    return found.isEmpty ? "No model is better at any distance" : found.joined(separator: "; ")
  }

  /// How errors go from the least distance to the greatest, of one model.
  private static func course(_ kind: ClosingRates) -> String {
    let ends = [kind.points.first, kind.points.count > 1 ? kind.points.last : nil].compactMap { $0 }
    return "\(Brief.percent(kind.total(0).rate)) of \(Brief.grouped(kind.count)) \(kind.name) ("
      + ends.map { point in
        "\(Brief.percent(point.rates[0].rate)) at distance \(ClosingRates.distances(point.distances))"
      }.joined(separator: ", ") + ")"
  }
}

extension PanelAxis {
  /// Of error rates, with room for points at 0 and at 1.
  fileprivate static var errors: PanelAxis {
    var axis = share("share missed (p < 0.5)")
    axis.low = -0.04
    return axis
  }
}
