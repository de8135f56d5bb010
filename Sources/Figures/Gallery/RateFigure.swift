import Experiments
import Foundation
import GradientFlow

/// Decay rate against spectral radius, a curve a cell variant, a panel an input scale.
struct RateFigure: RunFigure {
  let name: FigureName = "rate"
  let question = "How fast do gradients decay or grow, by spectral radius?"

  private static let panelLimit = 4
  private static let columns =
    [
      "input_scale", "cell", "forget_bias", "spectral_radius", "decay_rate_mean", "ci95_low",
      "ci95_high", "trials_with_rate", "trials_without_rate",
    ] + RateTheory.columns

  private struct Point {
    let radius: Double
    let interval: MeanInterval?
    let without: Int
    let theory: RateTheory

    var ends: [Double] {
      guard let interval else { return [] }
      let half = interval.halfWidth ?? 0
      return [interval.mean - half, interval.mean + half] + theory.shown
    }
  }

  private struct Panel {
    let inputScale: Double
    /// By variant, over radii; without the points where no trial has been run.
    let curves: [[Point]]
  }

  func drawing(of records: RunRecords) throws -> FigureDrawing {
    let slice = SweepSlice(records.run.trials, drawn: [.inputScale])
    let variants = slice.variants
    let scales = slice.inputScales.spread(Self.panelLimit)
    let panels = try scales.map { scale in
      Panel(
        inputScale: scale,
        curves: try variants.map { variant in
          try curve(
            slice.trials.filter { $0.inputScale == scale && CellVariant($0) == variant }, records)
        })
    }
    let points = panels.flatMap { $0.curves.joined() }
    guard !points.isEmpty else {
      throw FigureOmission(reason: "no trial of the longest sequences has finished")
    }
    let isPredicted = slice.trials.contains(where: \.hasPlainDecay)
    let styles = CellVariant.styles(variants)
    var page = FigurePage(
      self, columns: Self.columns, title: "Decay rate of ‖∂L/∂h_t‖ by spectral radius",
      subtitle: statement(panels, slice),
      caption: FigureCaption(records, slice, statistic: "mean and its 95 % confidence interval"),
      styles: styles,
      legend: Legend.each(variants.map(\.label), "linespoints")
        + Legend.entry(
          "log10 ρ: linear prediction (not a criterion)", "lines \(Pen.reference)", if: isPredicted)
        + RateTheory.legend(points.filter { $0.interval != nil }.map(\.theory)),
      grid: GridLayout(slots: panels.indices))
    let axis = RateAxis(
      points.flatMap(\.ends), radii: slice.radii, isPredicted: isPredicted,
      gaps: points.contains { $0.interval == nil })
    page.add(axis.commands)
    for panel in panels {
      page.beginPanel(
        "input scale \(CSVField.number(panel.inputScale))", x: "spectral radius ρ of W_{hh}",
        y: "decay rate (decades per step)")
      page.add(axis.panelCommands(labelled: page.isAtLeft))
      page.draw("0 with lines \(Pen.axis)")
      if isPredicted { page.draw("(x > 0 ? log10(x) : 1/0) with lines \(Pen.reference)") }
      for (k, curve) in panel.curves.enumerated() {
        draw(
          curve, [CSVField.number(panel.inputScale)] + variants[k].fields, styles[k], linetype: k + 1, &page)
      }
      page.plot()
    }
    return page.finished()
  }

  private func curve(_ trials: [TrialParameters], _ records: RunRecords) throws -> [Point] {
    let byRadius = Dictionary(grouping: trials, by: \.spectralRadius).sorted { $0.key < $1.key }
    return try byRadius.compactMap { radius, trials in
      let found = try trials.compactMap(records.record)
      guard !found.isEmpty else { return nil }
      let rates = found.compactMap(\.decayRate)
      return Point(
        radius: radius, interval: MeanInterval(rates), without: found.count - rates.count,
        theory: try RateTheory(trials, records))
    }
  }

  private func draw(
    _ curve: [Point], _ head: [String], _ style: CurveStyle, linetype: Int, _ page: inout FigurePage
  ) {
    let measured = curve.filter { $0.interval != nil }
    if let block = page.append(measured.map { row($0, head) }) {
      page.draw(
        block, x: "spectral_radius", y: "decay_rate_mean", interval: ("ci95_low", "ci95_high"),
        linetype: linetype)
      RateTheory.draw(measured.map(\.theory), block, style, &page)
    }
    if let block = page.append(curve.filter { $0.interval == nil }.map { row($0, head) }) {
      page.draw("\(block.using("spectral_radius:(no_rate)")) with points linetype \(linetype) pointtype 2")
    }
  }

  private func row(_ point: Point, _ head: [String]) -> [String] {
    let half = point.interval?.halfWidth
    let mean = point.interval?.mean
    let ends = [-1.0, 1].map { side in CSVField.number(mean.map { $0 + side * (half ?? 0) }) }
    return head + [CSVField.number(point.radius), CSVField.number(mean)] + ends
      + ["\(point.interval?.count ?? 0)", "\(point.without)"] + point.theory.fields
  }

  /// Where each variant changes from vanishing to exploding. What the seeds do not decide is not said to do either.
  private func statement(_ panels: [Panel], _ slice: SweepSlice) -> String {
    guard let panel = panels.last else { return "" }
    let parts = slice.variants.enumerated().compactMap { k, variant -> String? in
      let points = panel.curves[k]
      let curve = points.compactMap { point in
        point.interval.map { (radius: point.radius, rate: $0.mean) }
      }
      guard let least = curve.map(\.rate).min(), let greatest = curve.map(\.rate).max() else {
        return "\(variant.label) has no rate"
      }
      let intervals = points.compactMap(\.interval)
      let open = intervals.contains { $0.mean.magnitude <= $0.halfWidth ?? 0 }
      let except = open ? ", in places within the seeds' spread of 0" : ""
      if greatest < 0 { return "\(variant.label) \(open ? "falls" : "vanishes") throughout\(except)" }
      if least > 0 { return "\(variant.label) grows throughout\(except)" }
      guard
        let (a, b) = zip(curve, curve.dropFirst()).first(where: { ($0.rate < 0) != ($1.rate < 0) })
      else { return nil }
      if b.radius > 2 * a.radius {  // too far apart to say where
        return
          "\(variant.label) crosses 0 between ρ = \(CSVField.number(a.radius)) and \(CSVField.number(b.radius))"
      }
      let crossing = a.radius - a.rate * (b.radius - a.radius) / (b.rate - a.rate)
      return "\(variant.label) crosses 0 near ρ = \(String(format: "%.2f", crossing))"
    }
    let place = panels.count > 1 ? " at input scale \(CSVField.number(panel.inputScale))" : ""
    let gaps = panels.contains { $0.curves.joined().contains { $0.interval == nil } }
    // Under a loss at every step a level total norm may hide either.
    let meaning =
      slice.trials.contains(where: \.hasLossAtEveryStep)
      ? "Below 0, total norms fall on the way back; above, they grow"
      : "Below 0, gradients vanish; above, they explode"
    return "\(meaning)\(place): " + parts.joined(separator: "; ")
      + (gaps ? ". × no rate: fewer than two nonzero norms, or diverged" : "")
  }
}

/// The axes of the rate figure.
private struct RateAxis {
  let commands: [String]
  private let noRate: Double?
  private let low: Double
  private let ticCommand: String

  /// - Parameter isPredicted: whether log10 ρ is drawn too.
  init(_ rates: [Double], radii: [Double], isPredicted: Bool, gaps: Bool) {
    let positive = radii.filter { $0 > 0 }
    let shown = rates + [0] + (rates.isEmpty ? [-0.1, 0.1] : [])
    // The prediction may run out of sight; the rates may not.
    var (least, greatest) = (shown.min() ?? -0.1, shown.max() ?? 0.1)
    for radius in positive where isPredicted {
      least = min(least, max(log10(radius), 2 * least, least - 0.1))
      greatest = max(greatest, min(log10(radius), greatest + 0.1))
    }
    let margin = 0.06 * max(greatest - least, 0.01)
    let range = AxisRange(least - margin, greatest + margin)
    (least, greatest) = (range.low, range.high)
    noRate = gaps ? least - margin : nil
    low = gaps ? least - 2 * margin : least
    let step = DecadeAxis.niceStep((greatest - least) / 7)
    let firstTic = (least / step).rounded(.up) * step
    ticCommand = "set ytics \(fixed(firstTic)), \(CSVField.number(step))"
    var commands = [PlotAxis.y.range(low, greatest), "set samples 500"]
    let (first, last) = (radii.first ?? 0, radii.last ?? 1)
    if positive.count == radii.count, last > 10 * first {
      commands += ["set logscale x", PlotAxis.x.range(max(first, 1e-290) / 1.2, last * 1.2)]
    } else {
      let side = max(0.04 * (last - first), last > first ? 0 : 0.1)
      commands.append("set xrange \(AxisRange(first - side, last + side).text)")
    }
    if let noRate { commands.append("no_rate = \(fixed(noRate))") }
    self.commands = commands
  }

  func panelCommands(labelled: Bool) -> [String] {
    let commands = [ticCommand, "set format y \(PlotAxis.label("%g", shown: labelled))"]
    guard let noRate else { return commands }
    return commands + [
      PlotAxis.band(low, 2 * noRate - low), PlotAxis.y.tic("no rate", at: noRate, labelled: labelled),
    ]
  }
}
