import Experiments
import GradientFlow
import TextFiles

/// ∂L/∂c_t of an LSTM by the path it came: shares against lag, below them the norms on the whole and, where nothing else
/// decides the slope, the forget path; a column of panels a layer and direction.
struct PathsFigure: DiagnosisFigure {
  let name = DiagnosisFigureName.paths
  let question = "Which paths does the gradient of an LSTM's cell state take through time?"

  private static let columns = ["layer", "direction", "path", "lag", "share", "log10_norm"]
  /// So wide that a path that is nearly the whole is seen on it.
  private static let whole = CurveStyle(.lightGrey, [], 0, width: 7)
  private static let forgetPath = CurveStyle(.skyBlue, [2, 3], 0, width: 2.4)

  func plot(of diagnosis: ModelDiagnosis) throws -> Plot {
    let panels = try LayerPanels(diagnosis, quantities: 2, orElse: reason(diagnosis)) { $0.paths != nil }
    let steps = diagnosis.problem.steps
    let hasForgetPath = panels.layers.contains { !Self.forgetPath($0).isEmpty }
    let readsSeveral = diagnosis.problem.readSteps > 1
    var plot = Plot(
      self, columns: Self.columns, title: "Paths of ∂L/∂c_t through time",
      statement: Markup.numbers(statement(panels)),
      caption: FigureCaption(
        diagnosis, panels,
        notes: [
          "share: projection of the part on the whole, ⟨part, ∂L/∂c_t⟩ / ‖∂L/∂c_t‖², signed, sum 1",
          "norms over the whole batch",
        ]
          + (readsSeveral ? ["what a loss sends to c at its own step counts as carousel"] : [])
          + (hasForgetPath
            ? ["forget path: value at lag 0 times Π f (geometric mean), a reference, not a bound"] : [])
          + FigureCaption.refreshed(diagnosis, panels.layers, omits: "forget path") + Lags.note(steps),
        showsTotals: true),
      legend: Legend.each(GradientPath.allCases.map(\.label), GradientPath.allCases.map(\.style))
        + Legend.entry("whole ∂L/∂c_t", .line, Self.whole)
        + Legend.entry("forget path Π f, a reference", .line, Self.forgetPath, if: hasForgetPath),
      grid: panels.grid)
    let shares = ShareAxis(panels.layers.flatMap(\.allShares))
    let norms = PanelAxis.decades(
      "‖part of ∂L/∂c_t‖",
      panels.layers.flatMap { layer in
        GradientPath.allCases.flatMap { layer.paths?.log10Norms($0).dropFirst() ?? [] }
          + layer.steps.cell.dropFirst() + Self.forgetPath(layer).dropFirst()
      }, tics: 5)
    for place in panels.places {
      let isShare = place.quantity == 0
      var panel = Panel(
        panels.title(place, isShare ? "shares" : "norms"), x: .lag(steps), y: isShare ? shares.axis : norms)
      if isShare {
        panel.level(0)
        panel.notes = [shares.note(place.layer)].compactMap { $0 }
      }
      draw(place, isShare: isShare, &panel, &plot)
      plot.panels.append(panel)
    }
    return plot
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

  /// ∂L/∂c_T times the forget gates of the steps after t, t = 0…T; empty where gates were not measured, or gradients
  /// enter on the way.
  private static func forgetPath(_ layer: LayerDiagnosis) -> [Double] {
    guard layer.hasPlainDecay, let memory = layer.gates?.log10Memory, let last = layer.steps.cell.last else {
      return []
    }
    var values = [last]
    for decades in memory.reversed() { values.append((values.last ?? last) + decades) }
    return values.reversed()
  }

  private func draw(
    _ place: LayerPanels.Place, isShare: Bool, _ panel: inout Panel, _ plot: inout Plot
  ) {
    guard let paths = place.layer.paths else { return }
    let samples = LagSamples(steps: place.layer.shape.steps)
    func draw(_ name: String, shares: [Double] = [], norms: [Double], _ style: CurveStyle) {
      let shares = shares.isEmpty ? [] : samples.ofStates(shares)
      let block = plot.block(place.fields + [Field(name)], samples.lags, [shares, samples.ofStates(norms)])
      // gnuplot warns of curves without a point.
      if isShare, shares.allSatisfy(\.isNaN) { return }
      panel.line(block, y: isShare ? "share" : "log10_norm", style)
    }
    draw("whole", norms: place.layer.steps.cell, Self.whole)
    let reference = Self.forgetPath(place.layer)
    if !reference.isEmpty { draw("forget_path", norms: reference, Self.forgetPath) }
    for path in GradientPath.allCases.reversed() {
      draw(path.rawValue, shares: paths.shares(path), norms: paths.log10Norms(path), path.style)
    }
  }

  /// What share came along c alone.
  private func statement(_ panels: LayerPanels) -> String {
    let last = (panels.layers.first?.shape.steps ?? 1) - 1
    return "Share of ∂L/∂c_t at lag \(Brief.grouped(last)) that arrived along c only, the carousel: "
      + panels.sentence { layer in
        guard let share = layer.paths?.shares(.carousel).dropFirst().first, !share.isNaN else {
          return "undefined, since it is 0"
        }
        let half = (0...last).first { (layer.paths?.shares(.carousel)[last + 1 - $0] ?? 1) < 0.5 }
        return Brief.percent(share) + (half.map { ", less than half from lag \($0) on" } ?? "")
      }
  }
}

extension GradientPath {
  fileprivate var label: String { gate.map { "in through \($0.look.label)" } ?? "carousel, along c only" }
  fileprivate var style: CurveStyle { gate?.look.style ?? CurveStyle(.orange, [16, 4], 9) }
}
