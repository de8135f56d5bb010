import Experiments
import GradientFlow
import TextFiles

/// The trials of a figure, in panels and in each of them by curve: what varies is drawn as far as there is room, and
/// the rest is held at one value.
struct Facets {
  /// A panel or a curve: one value of a dimension.
  struct Value {
    /// In markup.
    let label: String
    /// One of the trials that have it.
    let trial: TrialParameters
    fileprivate let key: [String]
  }

  let panel, hue: Dimension
  /// Evenly chosen where there are too many.
  let panels, hues: [Value]
  /// Of the curves.
  let styles: [CurveStyle]
  let slice: SweepSlice
  /// What is left out, for the caption.
  var omissions: [String]
  private let trials: [[[String]]: [TrialParameters]]

  /// - Parameters:
  ///   - x: a dimension that points lie along, and stays free.
  ///   - hue: the dimension of curves, if it varies.
  ///   - panel: that of panels.
  ///   - held: axes that are held at one value unless someone asks for them.
  ///   - limits: the most panels and curves.
  init(
    _ trials: [TrialParameters], _ choice: FigureChoice, x: [Dimension] = [], hue: Dimension,
    panel: Dimension, held: [Axis] = [], limits: (panels: Int, hues: Int) = (6, 7)
  ) {
    let wished = choice.panel.map(Dimension.init(chosen:))
    let others = Axis.all.filter { !([.seed, .forgetBias, .cell] + held).contains($0) }.map { Dimension($0) }
    let candidates = [hue, panel, .cells] + others.filter { $0.varies(in: trials) }
    func first(_ taken: [Dimension]) -> Dimension? {
      candidates.first { $0.isFree(of: taken) && $0.varies(in: trials) }
    }
    var taken = x + [wished].compactMap { $0 }
    let byHue = choice.hue.map(Dimension.init(chosen:)) ?? first(taken) ?? hue
    taken.append(byHue)
    // What a figure has for panels comes before what else varies.
    let byPanel =
      wished ?? (panel.isFree(of: taken) && panel.varies(in: trials) ? panel : nil) ?? first(taken)
      ?? (panel.isFree(of: taken) ? panel : Dimension(.precision))
    (self.hue, self.panel) = (byHue, byPanel)
    let slice = SweepSlice(trials, drawn: Set((x + [byHue, byPanel]).flatMap(\.axes)))
    self.slice = slice
    func values(_ dimension: Dimension, limit: Int) -> (values: [Value], omitted: String?) {
      let groups = Dictionary(grouping: slice.trials, by: dimension.key)
      var keys = slice.trials.lazy.map(dimension.key).distinct
      func number(_ key: [String]) -> Double? { groups[key].flatMap { dimension.number($0[0]) } }
      if keys.allSatisfy({ number($0) != nil }) { keys.sort { (number($0) ?? 0) < (number($1) ?? 0) } }
      var chosen = keys.spread(limit)
      // A value that stands for all others is not left out for one beside it.
      if let axis = dimension.axes.first, dimension.axes.count == 1,
        let usual = SweepSlice.held(axis, slice.trials).map(dimension.key), !chosen.contains(usual),
        let place = keys.firstIndex(of: usual), chosen.count > 2
      {
        let inner = 1..<chosen.count - 1
        let nearest = inner.min { near(chosen[$0], place) < near(chosen[$1], place) }
        if let nearest { chosen[nearest] = usual }
        func near(_ key: [String], _ place: Int) -> Int { abs((keys.firstIndex(of: key) ?? 0) - place) }
      }
      let found = chosen.compactMap { key in
        groups[key].map { own in
          Value(label: dimension.label(own[0], among: slice.trials), trial: own[0], key: key)
        }
      }
      let what =
        dimension.axes.contains(.cell) ? "cells" : dimension.axes.map(\.plural).joined(separator: " × ")
      let others = keys.filter { !chosen.contains($0) }.compactMap { groups[$0]?.first }
      let named = dimension.list(others, among: slice.trials)
      let omitted =
        "\(chosen.count) of \(keys.count) \(what) shown" + (others.count < 5 ? ", not \(named)" : "")
      return (found, others.isEmpty ? nil : omitted)
    }
    let (panels, hues) = (values(byPanel, limit: limits.panels), values(byHue, limit: limits.hues))
    (self.panels, self.hues) = (panels.values, hues.values)
    omissions = [panels.omitted, hues.omitted].compactMap { $0 }
    styles = byHue.styles(self.hues.map(\.trial))
    self.trials = Dictionary(grouping: slice.trials) { [byPanel.key($0), byHue.key($0)] }
  }

  /// The trials of a curve in a panel, with all seeds and all that lies along x.
  func trials(_ panel: Value, _ hue: Value) -> [TrialParameters] { trials[[panel.key, hue.key]] ?? [] }

  /// The columns of a CSV that tell curves apart, and the fields of one.
  var columns: [String] { (panel.columns + hue.columns).distinct }
  func fields(_ panel: Value, _ hue: Value) -> [Field] {
    let named = zip(
      self.panel.columns + self.hue.columns, self.panel.fields(panel.trial) + self.hue.fields(hue.trial))
    return columns.map { column in named.first { $0.0 == column }?.1 ?? .none }
  }
}
