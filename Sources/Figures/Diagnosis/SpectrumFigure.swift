import Experiments
import GradientFlow
import TextFiles

/// Singular values of ∂h_T/∂h_t, and of the whole state of an LSTM, by lag; below them the effective rank. A column of
/// panels a layer and direction.
///
/// The state of an LSTM has two clusters of them, so neither a median nor quartiles stand for them: they are drawn one
/// by one, of many some.
struct SpectrumFigure: DiagnosisFigure {
  let name = DiagnosisFigureName.spectrum
  let question = "How much of the gradient do the directions of the state pass on, and over how many steps?"

  /// The most singular values that are drawn, and the most lags of those between the ends.
  private static let lineLimit = 32, lagLimit = 100
  private static let columns = [
    "layer", "direction", "block", "curve", "lag", "log10_sigma", "effective_rank",
  ]
  private static let largest = CurveStyle(.vermillion, [], 7)
  private static let smallest = CurveStyle(.blue, [3, 3], 9)
  private static let between = CurveStyle(.skyBlue, [], 0, width: 0.6)

  func plot(of diagnosis: ModelDiagnosis) throws -> Plot {
    let blocks =
      diagnosis.layers.lazy.compactMap { $0.jacobians.map(\.block) }.max { $0.count < $1.count } ?? []
    let panels = try LayerPanels(
      diagnosis, quantities: blocks.count + 1, orElse: "Jacobians were not measured: the plan omits them"
    ) { !$0.jacobians.isEmpty }
    let most = panels.layers.flatMap { $0.jacobians.map(\.directions) }.max() ?? 1
    let isThinned = most > Self.lineLimit
    var plot = Plot(
      self, columns: Self.columns, title: "Singular values of the Jacobian back through time",
      statement: Markup.numbers(SpectrumWords.statement(panels)),
      caption: FigureCaption(
        diagnosis, panels, followsElement: true,
        notes: (isThinned
          ? ["\(Self.lineLimit) of up to \(most) singular values, evenly spaced by rank"] : [])
          + [
            "in panels: how many σ are exactly 0, leave the panel below or are lost in rounding at the longest lag"
          ]
          + ["effective rank: exp of the entropy of σ_i / Σσ, from 1 to their number"]
          + Lags.note(panels.layers.flatMap { $0.jacobians.map(\.lags.count) }.max() ?? 0)),
      legend: Legend.entry(most == 1 ? "the only σ" : "largest σ", .line, Self.largest)
        + Legend.entry(isThinned ? "some σ between" : "each σ between", .line, Self.between, if: most > 2)
        + Legend.entry("smallest σ", .line, Self.smallest, if: most > 1)
        + Legend.each(blocks.map { "effective rank, \($0.label)" }, EffectiveRanks.styles),
      grid: panels.grid)
    let steps = diagnosis.problem.steps
    let lags = steps == 1 ? PanelAxis.counts("lag T − t (steps)", from: 0, to: 2) : .lag(steps + 1)
    let axes = blocks.map { block in
      Self.axis(panels.layers.flatMap { $0.jacobians.filter { $0.block == block } })
    }
    for place in panels.places {
      if place.quantity == blocks.count {
        var panel = Panel(panels.title(place, "effective rank"), x: lags, y: EffectiveRanks.axis(most))
        EffectiveRanks.draw(place, &panel, &plot)
        if panel.marks.isEmpty { panel.notes = ["no direction remains"] }
        plot.panels.append(panel)
      } else {
        let block = blocks[place.quantity]
        var panel = Panel(panels.title(place, block.label), x: lags, y: axes[place.quantity])
        if let jacobian = place.layer.jacobians.first(where: { $0.block == block }) {
          panel.notes = Self.notes(jacobian, panel.y)
          draw(jacobian, place, &panel, &plot)
        }
        plot.panels.append(panel)
      }
    }
    return plot
  }

  /// An axis of all that still matters beside the largest: it ends 30 decades below the least of those, or at twice the
  /// way they go.
  private static func axis(_ jacobians: [JacobianSpectrum]) -> PanelAxis {
    let label = "singular values σ"
    let values = jacobians.flatMap { $0.singularValues.joined() }.map(\.log10).filter { !$0.isNaN }
    let largest = jacobians.flatMap { $0.singularValues.compactMap { $0.first?.log10 } }.filter(\.isFinite)
    guard let least = largest.min(), let greatest = largest.max() else { return .decades(label, values) }
    let low = least - max(30, 2 * (greatest - least))
    return .decades(label, values.map { $0.isFinite ? max($0, low) : $0 }, tics: 6)
  }

  /// How many are exactly zero at the longest lag, how many below the picture, and how many not known.
  private static func notes(_ jacobian: JacobianSpectrum, _ axis: PanelAxis) -> [String] {
    guard let values = jacobian.singularValues.last else { return [] }
    let zeros = values.count(where: \.isZero)
    let below = values.count { !$0.isZero && $0.log10 < axis.bottom }
    let unknown = values.count { $0.mantissa.isNaN }
    return [("exactly 0", zeros), ("lower", below), ("unknown", unknown)].filter { $0.1 > 0 }
      .map { "\($0.0): \($0.1) of \(values.count)" }
  }

  private func draw(
    _ jacobian: JacobianSpectrum, _ place: LayerPanels.Place, _ panel: inout Panel, _ plot: inout Plot
  ) {
    let count = jacobian.directions
    let all = Array(jacobian.lags.indices)
    func draw(_ k: Int, _ rows: [Int], _ style: CurveStyle) {
      let values = rows.map { jacobian.singularValues[$0][k].log10 }
      let block = plot.block(
        place.fields + [Field(jacobian.block.rawValue), Field("\(k + 1)")], rows.map { jacobian.lags[$0] },
        [values, []])
      if values.contains(where: { !$0.isNaN }) { panel.line(block, y: "log10_sigma", style) }
    }
    for k in Array(0..<count).spread(Self.lineLimit).dropFirst().dropLast() {
      draw(k, all.spread(Self.lagLimit), Self.between)
    }
    if count > 1 { draw(count - 1, all.spread(400), Self.smallest) }
    if count > 0 { draw(0, all.spread(400), Self.largest) }
  }
}

extension JacobianSpectrum {
  /// How many singular values there are.
  fileprivate var directions: Int { singularValues.first?.count ?? 0 }
}
