import Experiments
import TextFiles

/// Decades gained or lost on the way back, decay rate × (T − 1), over spectral radius and sequence length, or input scale
/// where that axis has more values; one panel per cell variant.
struct PhaseFigure: RunFigure {
  let name: FigureName = "phase"
  let question = "Where do gradients vanish, survive and explode?"

  private static let limits = (panels: 6, rows: 24, columns: 32)

  func plot(of records: RunRecords) throws -> Plot {
    let all = records.layers(joiningParts: false)
    let (columns, rows) = try Self.axes(all, records.choice)
    var choice = records.choice
    choice.hue = rows
    let byRow = Dimension(chosen: rows)
    let facets = Facets(
      all.filter { columns.applies($0) && byRow.applies($0) }, choice, x: [columns],
      hue: byRow, panel: .cells, limits: (Self.limits.panels, Self.limits.rows))
    let places = columns.places(in: facets.slice.layers).spread(Self.limits.columns)
    guard facets.hues.count > 1, places.count > 1 else {
      throw FigureOmission(reason: "a map needs two values of each of two axes; see rate, decay and compare")
    }
    let maps = try facets.panels.map { try PhaseMap($0, facets, columns, places, records) }
    let estimates = maps.flatMap(\.cells).compactMap(\.estimate)
    guard estimates.contains(where: { $0.claim != .missing }) else {
      throw FigureOmission(reason: "no trial has finished")
    }
    let critical = maps.map { CriticalLine($0, facets, columns, places) }
    let isCritical = critical.contains { $0?.lines.isEmpty == false }
    var plot = Plot(
      self, columns: facets.columns + columns.columns + PhaseCell.columns,
      title: facets.slice.layers.contains { $0.hasLossAtEveryStep && $0.place.part != .encoder }
        ? "Where total gradient norms fall and grow" : "Where gradients vanish, survive and explode",
      statement: maps.map(\.sentence).joined(separator: "; ") + ".",
      caption: FigureCaption(
        records, facets.slice,
        statistic: "numbers: decades gained (+) or lost (−) on the way back, decay rate × (T − 1), mean",
        notes: (isCritical ? ["mean field for σ_w = ρ and σ_w = ρ/ρ_N"] : []) + facets.omissions
          + Self.special(estimates)),
      legend: Legend.entry(
        "between vanishing and exploding", .border, if: maps.contains { !$0.border.isEmpty })
        + Legend.entry(
          "outlined: neither, by the 95 % interval", .outline,
          if: maps.contains { !$0.outline.isEmpty })
        + Legend.entry(
          "mean field: χ = 1", .marker, if: isCritical))
    let scale = ColorScale.diverging(
      estimates.compactMap(\.decades), share: 0.9, least: 1, label: "decades gained: rate × (T − 1)")
    let names = (
      x: places.map { columns.value($0, among: places) },
      y: facets.hues.map { facets.hue.value($0.layer, among: facets.slice.layers) }
    )
    for (map, critical) in zip(maps, critical) {
      var panel = Panel(
        map.title, x: .categories(columns.title, names.x, limit: 40),
        y: .categories(facets.hue.title, names.y, limit: 30))
      (panel.colors, panel.hasGrid) = (scale, false)
      panel.height = min(36, max(13, 3.2 * Double(names.y.count)))
      panel.leastWidth = min(48, 1.8 * Double(names.x.count))
      panel.cells(plot.append(map.rows))
      map.border.forEach { panel.guide($0, .border) }
      map.outline.forEach { panel.guide($0, .outline) }
      critical?.lines.forEach { panel.guide($0, .marker) }
      plot.panels.append(panel)
    }
    return plot
  }

  /// What lies along the columns, and what along the rows.
  private static func axes(
    _ layers: [TrialLayer], _ choice: FigureChoice
  ) throws -> (columns: Dimension, rows: FigureAxis) {
    func count(_ axis: Axis) -> Int { Dimension(axis).places(in: layers).count }
    let first: [Axis] =
      count(.inputScale) > count(.sequenceLength)
      ? [.inputScale, .sequenceLength] : [.sequenceLength, .inputScale]
    guard
      let columns = choice.x.map({ Dimension(axes: [$0]) })
        ?? .numbers([.spectralRadius] + first.reversed(), in: layers, except: [choice.hue, choice.panel]),
      let rows = choice.hue
        ?? Dimension.numbers(first, in: layers, except: columns.axes + [choice.panel])?.axes.first
    else {
      throw FigureOmission(
        reason: "a map needs two axes with several numbers; see rate and decay, or choose its rows with hue")
    }
    return (columns, rows)
  }

  private static func special(_ estimates: [DecayEstimate]) -> [String] {
    let claims = Set(estimates.map(\.claim))
    let words: [(DecayEstimate.Claim, String)] = [
      (.zero, "−∞: ‖∂L/∂h_1‖ is exactly zero"), (.noRate, "0/0: no two norms are nonzero"),
      (.diverged, "div: the state diverged"), (.missing, "–: not run yet"),
    ]
    return words.filter { claims.contains($0.0) }.map(\.1)
  }
}

extension Panel {
  /// Draws cells at whole numbers, each with its text.
  fileprivate mutating func cells(_ block: DataBlock?) {
    guard let block else { return }
    marks.append(
      Mark(
        form: .cells(value: "decades_mean", label: "label"), source: .block(block), x: "column_index",
        y: "row_index", style: .plain, size: 0.85))
  }
}
