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
    let caption = DiagnosisCaption(
      diagnosis, panels,
      notes: [
        "share: projection of the part onto the whole, ⟨part, ∂L/∂c_t⟩ / ‖∂L/∂c_t‖², signed, sum 1",
        "norms over the whole batch",
      ]
        + (hasForgetPath
          ? ["forget path: value at lag 0 times Π f (geometric mean) (a reference, not a bound)"] : []))
    var page = FigurePage(
      name.rawValue, question: question, columns: Self.columns,
      heading: .init(
        title: "Paths of ∂L/∂c_t through time", subtitle: statement(panels),
        warning: DiagnosisCaption.warning(diagnosis), caption: caption.parts),
      styles: Self.styles,
      legend: GradientPath.allCases.enumerated().map {
        .init(title: Self.label($1), style: "with lines linetype \($0 + 1)")
      } + [.init(title: "whole ∂L/∂c_t", style: "with lines linetype 6")]
        + (hasForgetPath
          ? [.init(title: "forget path Π f, a reference", style: "with lines linetype 7")] : []),
      slots: panels.slots, across: panels.across)
    let shares = ShareAxis(
      panels.layers.flatMap { layer in
        GradientPath.allCases.flatMap { layer.paths?.shares($0).dropFirst() ?? [] }
      })
    let norms = DecadeAxis(
      panels.layers.flatMap { layer in
        GradientPath.allCases.flatMap { layer.paths?.log10Norms($0).dropFirst() ?? [] }
          + layer.steps.cell.dropFirst() + Self.forgetPath(layer).dropFirst()
      }, tics: 5)
    page.add(norms.functions)
    page.add(DecadeAxis.lagCommands(count: diagnosis.problem.steps))
    var table = FigureTable(columns: Self.columns)
    for panel in panels.panels {
      let isShare = panel.quantity == 0
      page.beginPanel(panels.title(panel, isShare ? "shares" : "norms"))
      page.labelAxes(
        x: "lag T − t (steps)", y: isShare ? "share of ∂L/∂c_t" : "‖part of ∂L/∂c_t‖")
      if isShare {
        page.add(shares.commands(labelled: page.isAtLeft))
        if let note = shares.note(panel.layer) { page.note([note]) }
      } else {
        page.add(norms.commands(labelled: page.isAtLeft))
      }
      page.plot(elements(panel, isShare: isShare, &table))
    }
    return FigureDrawing(name: name.rawValue, table: table, script: page.finished())
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

  private static let styles: [CurveStyle] = {
    var whole = CurveStyle(.black, [], 7)
    whole.width = 1.2
    var reference = CurveStyle(.skyBlue, [2, 3], 7)
    reference.width = 2.4
    return [
      CurveStyle(.orange, [16, 4], 7), CurveStyle(gate: .input), CurveStyle(gate: .forget),
      CurveStyle(gate: .candidate), CurveStyle(gate: .output), whole, reference,
    ]
  }()

  private static func label(_ path: GradientPath) -> String {
    path.gate.map { "in through \($0.label)" } ?? "carousel, along c only"
  }

  /// ∂L/∂c_T times the forget gates of the steps after t, t = 0…T; empty where gates were not measured.
  private static func forgetPath(_ layer: LayerDiagnosis) -> [Double] {
    guard let memory = layer.gates?.log10Memory, let last = layer.steps.cell.last else { return [] }
    var values = [last]
    for decades in memory.reversed() { values.append((values.last ?? last) + decades) }
    return values.reversed()
  }

  private func elements(
    _ panel: LayerPanels.Panel, isShare: Bool, _ table: inout FigureTable
  ) -> [String] {
    guard let paths = panel.layer.paths else { return [] }
    let samples = LagSamples(steps: panel.layer.shape.steps)
    let parts = GradientPath.allCases.enumerated().map { k, path in
      (
        k + 1, path.rawValue, samples.ofStates(paths.shares(path)),
        samples.ofStates(paths.log10Norms(path))
      )
    }
    let reference = Self.forgetPath(panel.layer)
    var curves = [(6, "whole", [Double](), samples.ofStates(panel.layer.steps.cell))]
    if !reference.isEmpty { curves.append((7, "forget_path", [], samples.ofStates(reference))) }
    return (curves + parts).compactMap { linetype, name, shares, norms in
      let fields = panel.fields + [name]
      let known = table.firstBlock(fields)
      let block =
        known
        ?? DiagnosisCurve(name: name, xs: samples.lags, values: [shares, norms])
        .append(to: &table, panel.fields)
      // gnuplot warns of curves without a point.
      guard let block, !isShare || !shares.allSatisfy(\.isNaN) else { return nil }
      let value = isShare ? "share" : "(shown(log10_norm))"
      return "data skip 1 index \(block) using lag:\(value) with "
        + "\(samples.lags.count == 1 ? "points" : "lines") linetype \(linetype) notitle"
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
  private let axis: DecadeAxis

  init(_ shares: [Double]) {
    let low = min(0, quantile(shares, 0.01) ?? 0)
    let high = max(1, quantile(shares, 0.99) ?? 1)
    let room = 0.3 * (high - low)
    axis = DecadeAxis(
      shares.filter { $0 >= low - room && $0 <= high + room } + [0, 1], kind: .numbers, tics: 5)
  }

  func commands(labelled: Bool) -> [String] {
    axis.commands(labelled: labelled) + [
      "if (!paged) { set arrow from graph 0, first 0 to graph 1, first 0 nohead back "
        + "linecolor rgb '#888888' linewidth 1 }"
    ]
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
