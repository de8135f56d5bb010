import Experiments
import Foundation
import GradientFlow

/// Lyapunov exponents in their order, beside the slope of the backward gradient and the exponent from the separation of
/// neighbours; one panel per layer and direction.
struct LyapunovFigure: DiagnosisFigure {
  let name = DiagnosisFigureName.lyapunov
  let question = "At what rates do perturbations of the state grow or die out along the trajectory?"

  private static let columns = [
    "layer", "direction", "curve", "order", "exponent", "standard_error", "decades_per_step",
  ]

  func drawing(of diagnosis: ModelDiagnosis) throws -> FigureDrawing {
    let panels = try LayerPanels(
      diagnosis, orElse: "Lyapunov exponents were not measured: the plan omits them"
    ) { $0.lyapunov != nil }
    let reports = panels.panels.compactMap(\.layer.lyapunov)
    let spectrum = reports[0].spectrum
    let caption = FigureCaption(
      diagnosis, panels, followsElement: true,
      notes: [
        "mean and standard error over \(spectrum.steps) steps after a transient of \(spectrum.transient)",
        "left axis: nats per step, right axis: decades per step",
      ] + FigureCaption.fedFromAbove(diagnosis), showsTotals: true)
    var page = FigurePage(
      self, columns: Self.columns, title: "Lyapunov exponents along the trajectory",
      subtitle: statement(panels, compares: caption.warning == nil), caption: caption,
      styles: [
        CurveStyle(.blue, [], 7), CurveStyle(.vermillion, [12, 5], 0), CurveStyle(.green, [3, 4], 0),
      ],
      legend: Legend.entry("exponent λ_i ± standard error", "points linetype 1")
        + Legend.each(["slope of ln ‖∂L/∂h_t‖ by lag", "λ_1 from the separation of neighbours"], from: 2),
      grid: panels.grid(right: 116))
    let axis = DecadeAxis(reports.flatMap(Self.shown), kind: .numbers, span: 0.02)
    let most = reports.map(\.spectrum.exponents.count).max() ?? 1
    page.add(axis.functions)
    page.add(
      PlotAxis.x.range(most > 1 ? 0 : 0.5, Double(most) + (most > 1 ? 1 : 0.5)),
      "set xtics \(most > 1 ? 0 : 1), \(fixed(max(1, DecadeAxis.niceStep(Double(most) / 8))))",
      "set pointsize \(most > 64 ? 0.5 : 1)")
    page.add(Self.rightAxis(axis))
    for (panel, report) in zip(panels.panels, reports) {
      page.beginPanel(panels.title(panel), x: "exponent i, in order", y: "λ_i (nats per step)", axis: axis)
      page.add(
        "set format y2 (paged ? '' : '\(page.isAtRight ? "%g" : "")')",
        "set y2label (paged ? '' : '\(page.isAtRight ? "decades per step" : "")')")
      page.rule(at: 0, "linecolor rgb '#000000' linewidth 1")
      let infinite = report.spectrum.exponents.count { $0 == -.infinity }
      if infinite > 0 {
        page.note(
          ["\(infinite) of \(report.spectrum.exponents.count) are −∞: a step is singular"], y: 0.12)
      }
      draw(report, panel.fields, &page)
      page.plot()
    }
    return page.finished()
  }

  /// Every number that is drawn of a report, and 0.
  private static func shown(_ report: LyapunovReport) -> [Double] {
    var values: [Double] = [0]
    if let slope = report.gradientSlope { values.append(slope) }
    if report.separation.isFinite { values.append(report.separation) }
    for (exponent, error) in zip(report.spectrum.exponents, report.spectrum.standardErrors) {
      values += error.isNaN ? [exponent] : [exponent - error, exponent + error]
    }
    return values.filter { !$0.isNaN }
  }

  /// The same axis in decades, without the band of −∞.
  private static func rightAxis(_ axis: DecadeAxis) -> [String] {
    let nat = M_LN10
    let step = DecadeAxis.niceStep((axis.lastTic - axis.firstTic + axis.step) / nat / 6)
    let first = (axis.bottom / nat / step).rounded(.up) * step
    return [
      "if (!paged) {",
      "  set ytics nomirror; \(PlotAxis.right.range(axis.low / nat, axis.high / nat))",
      "  set y2tics \(fixed(first)), \(fixed(step)) textcolor rgb '#222222'", "}",
    ]
  }

  private func draw(_ report: LyapunovReport, _ fields: [String], _ page: inout FigurePage) {
    func line(_ name: String, _ value: Double?, linetype: Int) {
      guard let value else { return }
      _ = page.block(fields + [name], [0], [[value], [.nan], [value / M_LN10]])
      if value.isFinite { page.draw("\(fixed(value)) with lines linetype \(linetype)") }
    }
    line("gradient_slope", report.gradientSlope, linetype: 2)
    line("separation", report.separation, linetype: 3)
    let (exponents, errors) = (report.spectrum.exponents, report.spectrum.standardErrors)
    guard
      let block = page.block(
        fields + ["exponent"], Array(1...exponents.count),
        [exponents, errors, exponents.map { $0 / M_LN10 }])
    else { return }
    // gnuplot warns about missing error bars.
    if !errors.allSatisfy(\.isNaN) {
      page.draw(
        "\(block.using("order:(strcol(standard_error) eq '' ? NaN : column(exponent)):standard_error")) "
          + "with yerrorbars linetype 1 pointtype 0 linewidth 1.2 dashtype solid")
    }
    page.draw(
      "\(block.using("order:(shown(exponent))")) with points linetype 1 pointsize "
        + "\(exponents.count > 64 ? 0.5 : 1)")
  }

  /// The leading exponent and what is compared with it; a slope refreshed by a loss at several steps is no match.
  private func statement(_ panels: LayerPanels, compares: Bool) -> String {
    // Within two standard errors of 0 nothing is said; where there is no error the number stands for itself.
    let signs = panels.layers.compactMap { layer -> Int? in
      guard let spectrum = layer.lyapunov?.spectrum, let leading = spectrum.exponents.first else {
        return nil
      }
      let margin = spectrum.standardErrors[0].isNaN ? 0 : 2 * spectrum.standardErrors[0]
      return leading + margin < 0 ? -1 : leading - margin > 0 ? 1 : 0
    }
    let verdict =
      signs.allSatisfy { $0 < 0 }
      ? "Perturbations die out"
      : signs.allSatisfy { $0 > 0 }
        ? "Perturbations grow"
        : signs.allSatisfy { $0 == 0 }
          ? "Perturbations neither grow nor die out beyond the error" : "Perturbations grow where λ_1 > 0"
    return "\(verdict). λ_1 in nats per step: "
      + panels.sentence { layer in
        guard let report = layer.lyapunov, let leading = report.spectrum.exponents.first else {
          return nil
        }
        if leading.isNaN { return "unknown" }
        if leading == -.infinity { return "−∞, a singular step removes every perturbation" }
        let error = report.spectrum.standardErrors[0]
        let slope = compares ? report.gradientSlope : nil
        return Brief.signed(leading) + (error.isNaN ? "" : " ± \(Brief.rounded(error))")
          + (slope.map { ", the gradient's slope \(Brief.signed($0))" } ?? "")
      }
  }
}
