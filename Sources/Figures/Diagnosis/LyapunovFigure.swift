import Experiments
import Foundation
import GradientFlow
import TextFiles

/// Lyapunov exponents in their order, beside the exponent from the separation of neighbours and, where nothing else
/// decides it, the slope of the backward gradient; one panel per layer and direction.
struct LyapunovFigure: DiagnosisFigure {
  let name = DiagnosisFigureName.lyapunov
  let question = "At what rates do perturbations of the state grow or die out along the trajectory?"

  private static let columns = [
    "layer", "direction", "curve", "order", "exponent", "standard_error", "low", "high", "decades_per_step",
  ]
  private static let exponents = CurveStyle(.blue, [], 7)
  private static let slope = CurveStyle(.vermillion, [12, 5], 0, width: 2.2)
  private static let separation = CurveStyle(.green, [3, 4], 0)

  func plot(of diagnosis: ModelDiagnosis) throws -> Plot {
    let panels = try LayerPanels(
      diagnosis, orElse: "Lyapunov exponents were not measured: the plan omits them"
    ) { $0.lyapunov != nil }
    let reports = panels.layers.compactMap(\.lyapunov)
    let spectrum = reports[0].spectrum
    let hasSlope = panels.layers.contains { $0.hasPlainDecay && $0.lyapunov?.gradientSlope != nil }
    var plot = Plot(
      self, columns: Self.columns, title: "Lyapunov exponents along the trajectory",
      statement: LyapunovWords.statement(panels),
      caption: FigureCaption(
        diagnosis, panels, followsElement: true,
        notes: [
          "mean and standard error over \(Brief.grouped(spectrum.steps)) steps after a transient of "
            + "\(Brief.grouped(spectrum.transient))",
          "1 nat is 0.434 decades",
        ] + FigureCaption.refreshed(diagnosis, panels.layers, omits: "slope of the gradient")),
      legend: Legend.entry("exponent λ_i ± standard error", .points, Self.exponents)
        + Legend.entry("slope of ln ‖∂L/∂h_t‖ by lag", .line, Self.slope, if: hasSlope)
        + Legend.entry("λ_1 from the separation of neighbours", .line, Self.separation))
    let axis = PanelAxis.numbers(
      "λ_i (nats per step)", zip(panels.layers, reports).flatMap(Self.shown), span: 0.02)
    let most = reports.map(\.spectrum.exponents.count).max() ?? 1
    var order = PanelAxis.counts("exponent i, in descending order", from: 1, to: most)
    if most > 1 { (order.low, order.high) = (0, Double(most) + 1) }
    for (place, report) in zip(panels.places, reports) {
      var panel = Panel(panels.title(place), x: order, y: axis)
      panel.right = axis.inDecades
      panel.level(0)
      panel.notes = LyapunovWords.notes(report.spectrum.exponents)
      panel.key = PanelKey(title: "nats per step", entries: key(place.layer, report))
      draw(report, place.layer, &panel, &plot)
      plot.panels.append(panel)
    }
    return plot
  }

  /// Every number that is drawn of a report, and 0.
  private static func shown(_ layer: LayerDiagnosis, _ report: LyapunovReport) -> [Double] {
    var values: [Double] = [0]
    if layer.hasPlainDecay, let slope = report.gradientSlope { values.append(slope) }
    if report.separation.isFinite { values.append(report.separation) }
    for (exponent, error) in zip(report.spectrum.exponents, report.spectrum.standardErrors) {
      values += error.isNaN ? [exponent] : [exponent - error, exponent + error]
    }
    return values.filter { !$0.isNaN }
  }

  /// The numbers that are compared.
  private func key(_ layer: LayerDiagnosis, _ report: LyapunovReport) -> Legend {
    let slope = layer.hasPlainDecay ? report.gradientSlope : nil
    let leading = report.spectrum.exponents.first.map { exponent in
      LegendEntry(
        "λ_1: \(LyapunovWords.number(exponent))\(LyapunovWords.error(report.spectrum))", .points,
        Self.exponents)
    }
    return [leading].compactMap { $0 }
      + Legend.entry("separation: \(LyapunovWords.number(report.separation))", .line, Self.separation)
      + (slope.map { Legend.entry("gradient: \(LyapunovWords.number($0))", .line, Self.slope) } ?? [])
  }

  private func draw(
    _ report: LyapunovReport, _ layer: LayerDiagnosis, _ panel: inout Panel, _ plot: inout Plot
  ) {
    func line(_ name: String, _ value: Double?, _ style: CurveStyle) {
      guard let value else { return }
      _ = plot.block(layer.fields + [Field(name)], [0], [[value], [], [], [], [value / M_LN10]])
      if value.isFinite { panel.guide([(panel.x.low, value), (panel.x.high, value)], style) }
    }
    line("separation", report.separation, Self.separation)
    line("gradient_slope", layer.hasPlainDecay ? report.gradientSlope : nil, Self.slope)
    let rows = Array(report.spectrum.exponents.indices).spread(400)
    let (exponents, errors) = (
      rows.map { report.spectrum.exponents[$0] }, rows.map { report.spectrum.standardErrors[$0] }
    )
    let block = plot.block(
      layer.fields + ["exponent"], rows.map { $0 + 1 },
      [
        exponents, errors, zip(exponents, errors).map { $0 - $1 }, zip(exponents, errors).map { $0 + $1 },
        exponents.map { $0 / M_LN10 },
      ])
    if errors.contains(where: { !$0.isNaN }) {
      panel.bars(block, x: "order", y: "exponent", low: "low", high: "high", Self.exponents)
    }
    if exponents.contains(where: { !$0.isNaN }) {
      panel.points(block, x: "order", y: "exponent", Self.exponents, size: exponents.count > 64 ? 0.5 : 1)
    }
  }
}

extension PanelAxis {
  /// An axis of nats in decades, without the band of −∞.
  fileprivate var inDecades: PanelAxis {
    var axis = PanelAxis.numbers("decades per step", from: low / M_LN10, to: high / M_LN10)
    axis.tics.removeAll { $0.place < bottom / M_LN10 }
    return axis
  }
}
