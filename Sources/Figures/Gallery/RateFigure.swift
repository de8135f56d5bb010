import Experiments
import GradientFlow

/// Decay rate against spectral radius, or another axis with numbers: a curve a cell variant, a panel an input scale.
struct RateFigure: RunFigure {
  let name: FigureName = "rate"
  let question = "How fast do gradients decay or grow, by spectral radius?"

  private static let entries = 7

  func plot(of records: RunRecords) throws -> Plot {
    let all = records.layers(joiningParts: false)
    guard
      let x = records.choice.x.map({ Dimension(axes: [$0]) })
        ?? .numbers([.spectralRadius], in: all, except: [records.choice.hue, records.choice.panel])
    else { throw FigureOmission(reason: "no axis has several numbers; see decay and compare") }
    let isOfDepth = x == Dimension(.layers)
    let facets = Facets(
      all.filter { x.number($0) != nil }, records.choice, x: [x], hue: isOfDepth ? .places : .cells,
      panel: Dimension(.inputScale), held: [.sequenceLength, .clip], places: isOfDepth ? .curves : .held)
    let places = x.places(in: facets.slice.layers).compactMap(x.number)
    guard places.count > 2 else {
      throw FigureOmission(
        reason:
          "\(places.count) of the three numbers of \(x.axes[0].name) that a curve needs; see decay and "
          + "compare")
    }
    let curves = try facets.panels.map { panel in
      try facets.hues.map { try RatePoint.curve(facets.layers(panel, $0), x, records) }
    }
    let points = curves.joined().flatMap { $0 }
    guard !points.isEmpty else { throw FigureOmission(reason: "no trial has finished") }
    let measured = points.filter { $0.estimate.rate != nil }
    let theories = Array(
      RateTheory.Kind.allCases.filter { kind in
        !isOfDepth && (kind != .linear || x == Dimension(.spectralRadius))
          && measured.contains { $0.theory.has(kind) }
      }.prefix(max(0, Self.entries - facets.hues.count)))
    let drawsLast = isOfDepth && facets.hues.count > 1 && facets.hue.axes.allSatisfy(\.isOfPlaces)
    let gaps = measured.count < points.count
    var plot = Plot(
      self,
      columns: facets.columns + x.columns + RatePoint.columns,
      title: "Decay rate of ‖∂L/∂h_t‖ by \(x.axes[0].name.replacing("_", with: " "))",
      statement: (drawsLast ? Self.depths(curves, facets, x) : Self.statement(curves, facets, x))
        + (gaps ? ". × no rate: fewer than two nonzero norms, or diverged" : ""),
      caption: FigureCaption(
        records, facets.slice, statistic: "mean and its 95 % confidence interval",
        notes: (theories.contains(.meanField) ? ["mean field for σ_w from ρ/ρ_N to ρ"] : [])
          + (theories.contains(.linear) ? ["log_{10} ρ is no criterion"] : [])
          + (drawsLast ? ["points offset for clarity"] : [])
          + facets.omissions),
      legend: Legend.each(facets.hues.map(\.label), as: .linePoints, facets.styles)
        + theories.flatMap { kind in
          kind.legend(
            facets.styles.indices.first { k in curves.contains { $0[k].contains { $0.theory.has(kind) } } }
              .map { facets.styles[$0].color } ?? .darkGrey)
        }
        + Legend.entry("the last layer of each network", .reference, if: drawsLast))
    let axis = Self.axis(measured, theories, places)
    for (k, facet) in facets.panels.enumerated() {
      let title = facets.panels.count > 1 ? facet.label : ""
      var panel = Panel(title, x: Self.axis(x, places), y: gaps ? axis.withGaps("no rate") : axis)
      panel.level(0, .axis)
      if theories.contains(.linear), curves[k].joined().contains(where: { $0.theory.has(.linear) }) {
        panel.guide(Self.linearPrediction(panel), .reference)
      }
      // At one depth the layers lie near each other.
      let shift = drawsLast ? 0.012 * (panel.x.high - panel.x.low) : 0
      let shifts = facets.hues.indices.map { shift * (Double($0) - Double(facets.hues.count - 1) / 2) }
      if drawsLast { panel.guide(Self.lastLayers(curves[k], shifts), .reference) }
      for (h, hue) in facets.hues.enumerated() {
        let fields = facets.fields(facet, hue)
        let curve = curves[k][h].filter { $0.estimate.rate != nil }
        let runs = panel.x.joined(curve.map(\.x), among: places)
        let block = plot.append(curve.map { $0.row(fields, x) })
        for kind in theories where curve.contains(where: { $0.theory.has(kind) }) {
          panel.theory(kind, block, x: Coordinate(x.columns[0]), runs: runs, facets.styles[h].color)
        }
        panel.estimates(
          block, x: Coordinate(x.columns[0], plus: shifts[h]), y: "decay_rate_mean",
          interval: ("ci95_low", "ci95_high"),
          runs: runs,
          facets.styles[h])
        let without = curves[k][h].filter { $0.estimate.rate == nil }
        _ = plot.append(without.map { $0.row(fields, x) })
        panel.spots(without.map { ($0.x, panel.y.gaps?.middle ?? 0) }, facets.styles[h].point(2))
      }
      plot.panels.append(panel)
    }
    return plot
  }

  /// The rate of the last layer, read forward, by depth.
  ///
  /// - Parameter shifts: of each curve.
  private static func lastLayers(_ curves: [[RatePoint]], _ shifts: [Double]) -> [(x: Double, y: Double)] {
    zip(curves, shifts).flatMap { points, shift in
      points.filter { $0.estimate.layer.place == $0.estimate.trial.mainPlace }.compactMap { point in
        point.estimate.rate.map { (point.x + shift, $0.mean) }
      }
    }.sorted { $0.0 < $1.0 }
  }

  /// What the last layer does by depth, in each panel.
  private static func depths(_ curves: [[[RatePoint]]], _ facets: Facets, _ x: Dimension) -> String {
    "The last layer of each network: "
      + zip(facets.panels, curves).map { panel, curves in
        curves.joined().map(\.estimate).filter { $0.layer.place == $0.trial.mainPlace }
          .sorted { $0.trial.layers < $1.trial.layers }
          .sentence(panel.label, symbol: x.symbol) { x.value($0, among: [$0]) }
      }.joined(separator: "; ")
  }

  /// The most sentences of a statement.
  private static let sentences = 9

  /// What each curve does where, in every panel if they differ; of many curves, or where one value is the usual one, in the
  /// panel of that.
  private static func statement(_ curves: [[[RatePoint]]], _ facets: Facets, _ x: Dimension) -> String {
    let sentences = curves.map { panel in
      zip(facets.hues, panel).map { hue, points in
        points.map(\.estimate).sentence(hue.label, symbol: x.symbol) { x.value($0, among: [$0]) }
      }.joined(separator: "; ")
    }
    if sentences.distinct.count == 1 { return sentences[0] }
    let usual = facets.usualPanel
    if usual == nil, curves.joined().count <= Self.sentences {
      return zip(facets.panels, sentences).map { "\($0.label): \($1)" }.joined(separator: "; ")
    }
    let k = facets.panels.firstIndex { $0.layer == usual } ?? facets.panels.count - 1
    return "\(facets.panels[k].label): \(sentences[k])"
  }
}
