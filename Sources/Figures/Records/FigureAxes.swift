import Experiments
import Foundation
import GradientFlow
import TextFiles

/// One or several axes of a sweep that together tell panels, curves or points apart.
struct Dimension: Sendable, Hashable {
  let axes: [Axis]

  init(_ axes: Axis...) { self.axes = axes }

  /// Cells, those of an LSTM by forget bias.
  static let cells = Dimension(.cell, .forgetBias)
  /// Clips and penalties.
  static let rules = Dimension(.clip)

  /// By which trials are told apart.
  func key(_ trial: TrialParameters) -> [String] { axes.map { $0.text(trial) ?? "" } }

  /// Whether these trials differ in it.
  func varies(in trials: [TrialParameters]) -> Bool { trials.lazy.map(key).distinct.count > 1 }

  /// Its number; nil where its values are names.
  func number(_ trial: TrialParameters) -> Double? {
    axes.count == 1 ? axes[0].text(trial).flatMap(Double.init) : nil
  }

  /// What a legend or a panel calls a trial, in markup.
  func label(_ trial: TrialParameters, among trials: [TrialParameters]) -> String {
    if axes.contains(.cell) {
      // A forget bias that all share stands in the caption.
      let rest = Dimension(axes: axes.filter { $0 != .cell && $0 != .forgetBias })
      let biases = trials.lazy.compactMap(\.forgetBias).distinct.count
      let variant =
        axes.contains(.forgetBias) && biases > 1 ? CellVariant(trial).label : trial.cell.rawValue
      return ([variant] + (rest.axes.isEmpty ? [] : [rest.label(trial, among: trials)])).joined(
        separator: ", ")
    }
    return axes.compactMap { axis in
      switch axis {
      case .clip: trial.rule.name(among: trials.map(\.rule))
      case .sequenceLength: "T = \(Brief.grouped(trial.sequenceLength))"
      default: axis.heading(trial).map(Markup.plain)
      }
    }.joined(separator: ", ")
  }

  init(axes: [Axis]) { self.axes = axes }

  /// What an axis of a panel is labelled with.
  var title: String {
    switch axes.first {
    case .spectralRadius: "spectral radius ρ of W_{hh}"
    case .sequenceLength: "sequence length T (steps)"
    case let axis?: Markup.plain(axis.key.rawValue.replacing("_", with: " "))
    case nil: ""
    }
  }

  /// The columns of a CSV that hold it, and their fields.
  var columns: [String] { axes.map(\.column) }
  func fields(_ trial: TrialParameters) -> [Field] { axes.map { Field(ofCSV: $0.field(trial)) } }

  /// The styles of its values, in their order.
  func styles(_ trials: [TrialParameters]) -> [CurveStyle] {
    if self == .cells || self == Dimension(.cell) { return CellVariant.styles(trials.map(CellVariant.init)) }
    if self == .rules { return CurveStyle.styles(trials.map(\.rule)) }
    let dashes = [[], [12, 5], [10, 4, 3, 4], [3, 4], [16, 4, 3, 4, 3, 4], [6, 4], [20, 5]]
    let points = [7, 11, 5, 9, 13, 15, 8]
    let named: [PlotColor] = [.blue, .vermillion, .green, .orange, .purple, .black, .skyBlue]
    let isOrdered = trials.count > 2 && trials.allSatisfy { number($0) != nil }
    let colors = isOrdered ? PlotColor.steps(trials.count) : named
    return trials.indices.map { k in
      CurveStyle(colors[k % colors.count], dashes[k % dashes.count], points[k % points.count])
    }
  }
}

extension Field {
  /// What a CSV has for it.
  package init(ofCSV text: String) {
    guard text.hasPrefix("\"") else { self = text.isEmpty ? .none : .text(text); return }
    self = .text(String(text.dropFirst().dropLast()).replacing("\"\"", with: "\""))
  }
}

/// What a reader wants of the figures of a run.
public struct FigureChoice: Sendable {
  /// Along which axis points, curves and panels are; nil: as the figure has it.
  public var x, hue, panel: Axis?

  public init(x: Axis? = nil, hue: Axis? = nil, panel: Axis? = nil) {
    (self.x, self.hue, self.panel) = (x, hue, panel)
  }
}

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
    panel: Dimension,
    held: [Axis] = [], limits: (panels: Int, hues: Int) = (6, 7)
  ) {
    func isFree(_ dimension: Dimension, _ taken: [Dimension]) -> Bool {
      !dimension.axes.contains { axis in taken.contains { $0.axes.contains(axis) } }
    }
    func dimension(_ axis: Axis) -> Dimension { axis == .cell ? .cells : Dimension(axis) }
    let wished = choice.panel.map(dimension)
    let others = Axis.all.filter { !([.seed, .forgetBias, .cell] + held).contains($0) }.map { Dimension($0) }
    let candidates = [hue, panel, .cells] + others.filter { $0.varies(in: trials) }
    func first(_ taken: [Dimension]) -> Dimension? {
      candidates.first { isFree($0, taken) && $0.varies(in: trials) }
    }
    var taken = x + [wished].compactMap { $0 }
    let byHue = choice.hue.map(dimension) ?? first(taken) ?? hue
    taken.append(byHue)
    // What a figure has for panels comes before what else varies.
    let byPanel =
      wished ?? (isFree(panel, taken) && panel.varies(in: trials) ? panel : nil) ?? first(taken)
      ?? (isFree(panel, taken) ? panel : Dimension(.precision))
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

extension Axis {
  /// What several of its values are called.
  var plural: String {
    switch self {
    case .spectralRadius: "spectral radii"
    case .sequenceLength: "lengths"
    case .clip: "clips"
    default: key.rawValue.replacing("_", with: " ") + " values"
    }
  }
}
