import Experiments
import GradientFlow

/// Singular values of ∂h_T/∂h_t, and of the whole state of an LSTM, by lag; below them the effective rank. A column of
/// panels a layer and direction.
struct SpectrumFigure: DiagnosisFigure {
  let name = DiagnosisFigureName.spectrum
  let question = "How much of the gradient do the directions of the state pass on, and over how many steps?"

  /// Up to so many singular values are lines of their own.
  private static let lineLimit = 64
  private static let columns = [
    "layer", "direction", "block", "curve", "lag", "log10_sigma", "log10_q25", "log10_q75",
    "effective_rank",
  ]

  func drawing(of diagnosis: ModelDiagnosis) throws -> FigureDrawing {
    let blocks =
      diagnosis.layers.lazy.compactMap { $0.jacobians.map(\.block) }.max {
        $0.count < $1.count
      } ?? []
    let panels = try LayerPanels(
      diagnosis, quantities: blocks.count + 1,
      orElse: "Jacobians were not measured: the plan omits them"
    ) { !$0.jacobians.isEmpty }
    var page = FigurePage(
      self, columns: Self.columns, title: "Singular values of the Jacobian back through time",
      subtitle: statement(panels),
      caption: FigureCaption(
        diagnosis, panels, followsElement: true,
        notes: [
          "band: quartiles over singular values",
          "effective rank: exp of the entropy of σ_i / Σσ, from 1 to their number",
        ]),
      styles: Self.styles,
      legend: Legend.each(["largest σ", "median σ", "smallest σ"])
        + Legend.entry("each σ between", "lines linetype 4", if: panels.layers.contains { Self.hasLines($0) })
        + Legend.each(blocks.map { "effective rank, \(Self.label($0))" }, "linespoints", from: 5),
      grid: panels.grid())
    let steps = diagnosis.problem.steps
    let axes = blocks.map { block in
      Self.axis(panels.layers.flatMap { $0.jacobians.filter { $0.block == block } })
    }
    page.add(
      steps == 1 ? ["set xrange [0:2]", "set xtics 0, 1"] : DecadeAxis.lagCommands(count: steps + 1))
    for panel in panels.panels {
      let isRank = panel.quantity == blocks.count
      page.beginPanel(
        panels.title(panel, isRank ? "effective rank" : Self.label(blocks[panel.quantity])),
        x: "lag T − t (steps)", y: isRank ? "effective rank" : "singular values σ")
      if isRank {
        page.add("shown(c) = column(c)")
        page.add(Self.rankAxis(panels, labelled: page.isAtLeft))
        drawRanks(panel, &page)
        page.plot()
        page.add("unset logscale y")
      } else {
        let axis = axes[panel.quantity]
        page.add(axis.functions)
        page.add(axis.commands(labelled: page.isAtLeft))
        guard let jacobian = panel.layer.jacobians.first(where: { $0.block == blocks[panel.quantity] })
        else { continue }
        // Above the band of zeros.
        page.note(Self.notes(jacobian, axis), y: axis.zeroLevel == nil ? 0.05 : 0.13)
        draw(jacobian, panel, &page)
        page.plot()
      }
    }
    return page.finished()
  }

  private static let styles = [
    CurveStyle(.vermillion, [], 7), CurveStyle(.black, [8, 3], 5), CurveStyle(.blue, [3, 3], 9),
    CurveStyle(.skyBlue, [], 0, width: 0.5), CurveStyle(.green, [], 7),
    CurveStyle(.purple, [10, 4, 3, 4], 5),
  ]

  /// From 1 to the number of directions, logarithmic where they are many.
  private static func rankAxis(_ panels: LayerPanels, labelled: Bool) -> [String] {
    let counts = panels.layers.flatMap { $0.jacobians.map { $0.singularValues.first?.count ?? 1 } }
    let most = Double(counts.max() ?? 1)
    let isLarge = most > 20
    return [
      isLarge ? "set logscale y" : "unset logscale y",
      "set yrange [\(isLarge ? "0.9" : "0"):\(fixed(1.12 * most))]", "set ytics autofreq",
      "set format y (paged ? '%g' : '\(labelled ? "%g" : "")')",
    ]
  }

  private static func label(_ block: StateBlock) -> String {
    switch block {
    case .hidden: return "∂h_T/∂h_t"
    case .cell: return "∂c_T/∂c_t"
    case .state: return "∂(h, c)_T/∂(h, c)_t"
    }
  }

  private static func hasLines(_ layer: LayerDiagnosis) -> Bool {
    layer.jacobians.contains { (3...lineLimit).contains($0.singularValues.first?.count ?? 0) }
  }

  /// An axis of all that still matters beside the largest: it ends 30 decades below the least of those, or at twice the
  /// way they go.
  private static func axis(_ jacobians: [JacobianSpectrum]) -> DecadeAxis {
    let values = jacobians.flatMap { $0.singularValues.joined() }.map(\.log10).filter { !$0.isNaN }
    let largest = jacobians.flatMap { $0.singularValues.compactMap { $0.first?.log10 } }.filter(\.isFinite)
    guard let least = largest.min(), let greatest = largest.max() else { return DecadeAxis(values, tics: 6) }
    let low = least - max(30, 2 * (greatest - least))
    return DecadeAxis(values.map { $0.isFinite ? max($0, low) : $0 }, tics: 6)
  }

  /// How many are exactly zero at the longest lag, how many below the picture, and how many not known.
  private static func notes(_ jacobian: JacobianSpectrum, _ axis: DecadeAxis) -> [String] {
    guard let values = jacobian.singularValues.last, let lag = jacobian.lags.last else { return [] }
    let zeros = values.count(where: \.isZero)
    let below = values.count { !$0.isZero && $0.log10 < axis.low }
    let unknown = values.count { $0.mantissa.isNaN }
    return [(zeros, "exactly 0"), (below, "below the plotted range"), (unknown, "unknown")].filter {
      $0.0 > 0
    }
    .map {
      "\($0.0) of \(values.count) are \($0.1) at lag \(lag)"
    }
  }

  private func draw(_ jacobian: JacobianSpectrum, _ panel: LayerPanels.Panel, _ page: inout FigurePage) {
    let logs = jacobian.singularValues.map { $0.map(\.log10) }
    let count = logs.first?.count ?? 0
    func draw(_ name: String, _ values: [Double], band: [[Double]] = [[], []], linetype: Int) {
      let block = page.block(
        panel.fields + [jacobian.block.rawValue, name], jacobian.lags, [values] + band + [[]])
      page.draw(
        block, y: "(shown(log10_sigma))",
        band: band[0].isEmpty ? nil : ("(shown(log10_q25))", "(shown(log10_q75))"), linetype: linetype)
    }
    func order(_ k: Int) -> [Double] { logs.map { $0[k] } }
    // Those that are not known are smaller than those that are.
    func quartile(_ p: Double) -> [Double] {
      logs.map { values in
        let found = quantile(values.map { $0.isNaN ? -.infinity : $0 }, p) ?? .nan
        return found == -.infinity && values.contains(where: \.isNaN) ? .nan : found
      }
    }
    if (3...Self.lineLimit).contains(count) {
      for k in 1..<count - 1 { draw("\(k + 1)", order(k), linetype: 4) }
    }
    if count > 2 { draw("median", quartile(0.5), band: [quartile(0.25), quartile(0.75)], linetype: 2) }
    if count > 1 { draw("\(count)", order(count - 1), linetype: 3) }
    if count > 0 { draw("1", order(0), linetype: 1) }
  }

  private func drawRanks(_ panel: LayerPanels.Panel, _ page: inout FigurePage) {
    for (k, jacobian) in panel.layer.jacobians.enumerated() {
      let ranks = jacobian.singularValues.map { SingularSpectrum($0).effectiveRank }
      guard ranks.contains(where: { $0 > 0 }),
        let block = page.block(
          panel.fields + [jacobian.block.rawValue, "rank"], jacobian.lags,
          [[], [], [], ranks.map { $0 > 0 ? $0 : .nan }])
      else { continue }
      page.draw(
        "\(block.using("lag:effective_rank")) with \(block.rows > 40 ? "lines" : "linespoints") "
          + "linetype \(k + 5)")
    }
  }

  /// The largest singular value and the rank that is left at the longest lag, of the whole state.
  private func statement(_ panels: LayerPanels) -> String {
    let lag = panels.layers.lazy.compactMap { $0.jacobians.first?.lags.last }.max() ?? 0
    let block = panels.layers.lazy.compactMap(\.jacobians.last?.block).first ?? .hidden
    return "At lag \(lag), σ_{max} and effective rank of \(Self.label(block)): "
      + panels.sentence { layer in
        guard let values = layer.jacobians.last?.singularValues.last, let first = values.first else {
          return nil
        }
        if first.isZero { return "0, no direction remains" }
        let rank = SingularSpectrum(values).effectiveRank
        if first.mantissa.isNaN || rank.isNaN { return "unknown" }
        return "\(Brief.factor(first.log10)), \(Brief.number(rank)) of \(values.count)"
      }
  }
}
