import Experiments
import GradientFlow

/// ∂L/∂c_t of an LSTM by the path it came: shares against lag, below them the norms beside the whole and the forget
/// path; a column of panels a layer and direction.
struct PathsFigure: DiagnosisFigure {
  let name = DiagnosisFigureName.paths
  let question = "Which paths does the gradient of an LSTM's cell state take through time?"

  private static let columns = [
    "layer", "direction", "path", "lag", "share", "log10_norm",
  ]

  func drawing(of diagnosis: ModelDiagnosis) throws -> FigureDrawing {
    let panels = try LayerPanels(diagnosis, quantities: 2, orElse: reason(diagnosis)) {
      $0.paths != nil
    }
    let hasForgetPath = panels.layers.contains { $0.gates != nil }
    var page = FigurePage(
      self, columns: Self.columns, title: "Paths of ∂L/∂c_t through time", subtitle: statement(panels),
      caption: FigureCaption(
        diagnosis, panels,
        notes: [
          "share: projection of the part onto the whole, ⟨part, ∂L/∂c_t⟩ / ‖∂L/∂c_t‖², signed, sum 1",
          "norms over the whole batch",
        ]
          + (hasForgetPath
            ? ["forget path: value at lag 0 times Π f (geometric mean) (a reference, not a bound)"] : []),
        showsTotals: true),
      styles: Self.styles,
      legend: Legend.each(GradientPath.allCases.map(Self.label))
        + Legend.entry("whole ∂L/∂c_t", "lines linetype 6")
        + Legend.entry("forget path Π f, a reference", "lines linetype 7", if: hasForgetPath),
      grid: panels.grid())
    let shares = ShareAxis(
      panels.layers.flatMap { layer in
        GradientPath.allCases.flatMap { layer.paths?.shares($0).dropFirst() ?? [] }
      })
    let norms = DecadeAxis(
      panels.layers.flatMap { layer in
        GradientPath.allCases.flatMap { layer.paths?.log10Norms($0).dropFirst() ?? [] }
          + layer.steps.cell.dropFirst() + Self.forgetPath(layer).dropFirst()
      }, tics: 5)
    page.add(norms.functions + DecadeAxis.lagCommands(count: diagnosis.problem.steps))
    for panel in panels.panels {
      let isShare = panel.quantity == 0
      page.beginPanel(
        panels.title(panel, isShare ? "shares" : "norms"), x: "lag T − t (steps)",
        y: isShare ? "share of ∂L/∂c_t" : "‖part of ∂L/∂c_t‖", axis: isShare ? shares.axis : norms)
      if isShare {
        page.rule(at: 0)
        if let note = shares.note(panel.layer) { page.note([note]) }
      }
      draw(panel, isShare: isShare, &page)
      page.plot()
    }
    return page.finished()
  }

  private func reason(_ diagnosis: ModelDiagnosis) -> String {
    let cell = diagnosis.problem.model.cell
    if !cell.gates.contains(.forget) {
      return "the cell \(cell.rawValue) has no cell state; only LSTMs have these paths"
    }
    if diagnosis.problem.clip.stepClip != .none {
      return "under a step clip ∂L/∂c_t is not the sum of its paths"
    }
    return "paths were not measured: the plan omits them"
  }

  private static let styles =
    GradientPath.allCases.map { $0.gate?.look.style ?? CurveStyle(.orange, [16, 4], 7) }
    + [CurveStyle(.black, [], 7, width: 1.2), CurveStyle(.skyBlue, [2, 3], 7, width: 2.4)]

  private static func label(_ path: GradientPath) -> String {
    path.gate.map { "in through \($0.look.label)" } ?? "carousel, along c only"
  }

  /// ∂L/∂c_T times the forget gates of the steps after t, t = 0…T; empty where gates were not measured.
  private static func forgetPath(_ layer: LayerDiagnosis) -> [Double] {
    guard let memory = layer.gates?.log10Memory, let last = layer.steps.cell.last else { return [] }
    var values = [last]
    for decades in memory.reversed() { values.append((values.last ?? last) + decades) }
    return values.reversed()
  }

  private func draw(_ panel: LayerPanels.Panel, isShare: Bool, _ page: inout FigurePage) {
    guard let paths = panel.layer.paths else { return }
    let samples = LagSamples(steps: panel.layer.shape.steps)
    func draw(_ name: String, shares: [Double] = [], norms: [Double], linetype: Int) {
      let shares = shares.isEmpty ? [] : samples.ofStates(shares)
      let block = page.block(panel.fields + [name], samples.lags, [shares, samples.ofStates(norms)])
      // gnuplot warns of curves without a point.
      if isShare, shares.allSatisfy(\.isNaN) { return }
      page.draw(block, y: isShare ? "share" : "(shown(log10_norm))", linetype: linetype)
    }
    draw("whole", norms: panel.layer.steps.cell, linetype: 6)
    let reference = Self.forgetPath(panel.layer)
    if !reference.isEmpty { draw("forget_path", norms: reference, linetype: 7) }
    for (k, path) in GradientPath.allCases.enumerated() {
      draw(path.rawValue, shares: paths.shares(path), norms: paths.log10Norms(path), linetype: k + 1)
    }
  }

  /// What share came along c alone.
  private func statement(_ panels: LayerPanels) -> String {
    let last = (panels.layers.first?.shape.steps ?? 1) - 1
    return "Share of ∂L/∂c_t at lag \(last) that arrived along c only, the carousel: "
      + panels.sentence { layer in
        guard let share = layer.paths?.shares(.carousel).dropFirst().first, !share.isNaN else {
          return "undefined, since it is 0"
        }
        let half = (0...last).first { (layer.paths?.shares(.carousel)[last + 1 - $0] ?? 1) < 0.5 }
        return Brief.percent(share) + (half.map { ", less than half from lag \($0) on" } ?? "")
      }
  }
}

/// The axis of signed shares. A few far outliers, where the whole nearly cancels, do not stretch it.
private struct ShareAxis {
  let axis: DecadeAxis

  init(_ shares: [Double]) {
    let low = min(0, quantile(shares, 0.01) ?? 0)
    let high = max(1, quantile(shares, 0.99) ?? 1)
    let room = 0.3 * (high - low)
    axis = DecadeAxis(
      shares.filter { $0 >= low - room && $0 <= high + room } + [0, 1], kind: .numbers, tics: 5)
  }

  /// How far shares go where they leave the axis.
  func note(_ layer: LayerDiagnosis) -> String? {
    let shares = GradientPath.allCases.flatMap { layer.paths?.shares($0).dropFirst() ?? [] }
      .filter { !$0.isNaN }
    guard let least = shares.min(), let greatest = shares.max(), least < axis.low || greatest > axis.high
    else { return nil }
    return "shares from \(Brief.number(least)) to \(Brief.number(greatest)): parts cancel"
  }
}
