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
    /// One of those that have it.
    let layer: TrialLayer
    fileprivate let key: [String]

    var trial: TrialParameters { layer.trial }
  }

  /// What a figure makes of the layers and directions of networks.
  enum Places: Sendable {
    /// It speaks of one of each network: the last layer, read forward, unless another one is chosen.
    case held
    /// Few have a row of panels each, of many each is a curve.
    case drawn
    /// Each is a curve.
    case curves
    /// It speaks of whole networks.
    case ofNetworks
  }

  let panel, hue: Dimension
  /// Evenly chosen where there are too many. Where layers have rows, row by row.
  let panels, hues: [Value]
  /// Where each panel stands if layers have rows.
  let rows: PanelGrid?
  /// Of the curves.
  let styles: [CurveStyle]
  let slice: SweepSlice
  /// What is left out, for the caption.
  var omissions: [String]
  private let layers: [[[String]]: [TrialLayer]]

  /// How many layers have rows of their own, and the most panels of a row beside others.
  private static let rowLimits = (rows: 4, panels: [6, 6, 4, 4, 3])

  /// - Parameters:
  ///   - layers: all that a figure may show.
  ///   - x: a dimension that points lie along, and stays free.
  ///   - hue: the dimension of curves, if it varies.
  ///   - panel: that of panels.
  ///   - held: axes that are held at one value unless someone asks for them.
  ///   - limits: the most panels and curves.
  init(
    _ layers: [TrialLayer], _ choice: FigureChoice, x: [Dimension] = [], hue: Dimension,
    panel: Dimension, held: [Axis] = [], limits: (panels: Int, hues: Int) = (6, 7), places: Places = .held
  ) {
    let along = x.flatMap(\.axes) + [choice.x].compactMap { $0 }
    let wished = choice.panel.map { Dimension(chosen: $0, besides: along + [choice.hue]) }
    let wishedHue = choice.hue.map { Dimension(chosen: $0, besides: along + [choice.panel]) }
    let chosen = x + [wished, wishedHue].compactMap { $0 }
    // What of the places nobody chooses.
    let left = places == .drawn || places == .curves ? Dimension.places.without(chosen) : nil
    let several = left.flatMap { $0.varies(in: layers) ? $0 : nil }
    let isMany =
      places == .curves || several.map { $0.places(in: layers).count > Self.rowLimits.rows } ?? false
    let hue = isMany && wishedHue == nil ? several ?? hue : hue
    let byRow = isMany && wishedHue == nil ? nil : several
    let others = Axis.all.filter { !([.seed, .forgetBias, .cell] + held).contains($0) }.map { Dimension($0) }
    let candidates = [hue, panel, .cells] + others.filter { $0.varies(in: layers) }
    func first(_ taken: [Dimension]) -> Dimension? {
      candidates.first { $0.isFree(of: taken) && $0.varies(in: layers) }
    }
    var taken = x + [wished].compactMap { $0 }
    let byHue = wishedHue ?? first(taken) ?? hue
    taken.append(byHue)
    // What a figure has for panels comes before what else varies.
    let byPanel =
      wished ?? (panel.isFree(of: taken) && panel.varies(in: layers) ? panel : nil) ?? first(taken)
      ?? (panel.isFree(of: taken) ? panel : Dimension(.precision))
    let drawn = x + [byHue, byPanel, byRow].compactMap { $0 } + (places == .ofNetworks ? [.places] : [])
    let slice = SweepSlice(layers, drawn: Set(drawn.flatMap(\.axes)))
    func values(_ dimension: Dimension, limit: Int) -> (values: [Value], omitted: String?) {
      let groups = Dictionary(grouping: slice.layers, by: dimension.key)
      var keys = slice.layers.lazy.map(dimension.key).distinct
      func number(_ key: [String]) -> Double? { groups[key].flatMap { dimension.number($0[0]) } }
      if keys.allSatisfy({ number($0) != nil }) { keys.sort { (number($0) ?? 0) < (number($1) ?? 0) } }
      if dimension.axes.allSatisfy(\.isOfPlaces) {
        keys.sort { a, b in groups[a].flatMap { a in groups[b].map { a[0].place < $0[0].place } } ?? false }
      }
      var chosen = keys.spread(limit)
      // A value that stands for all others is not left out for one beside it.
      if case .trial(let axis)? = dimension.axes.first, dimension.axes.count == 1,
        let usual = SweepSlice.held(axis, slice.layers).map(dimension.key), !chosen.contains(usual),
        let place = keys.firstIndex(of: usual), chosen.count > 2
      {
        let inner = 1..<chosen.count - 1
        let nearest = inner.min { near(chosen[$0], place) < near(chosen[$1], place) }
        if let nearest { chosen[nearest] = usual }
        func near(_ key: [String], _ place: Int) -> Int { abs((keys.firstIndex(of: key) ?? 0) - place) }
      }
      let found = chosen.compactMap { key in
        groups[key].map { own in
          Value(label: dimension.label(own[0], among: slice.layers), layer: own[0], key: key)
        }
      }
      let what =
        dimension.has(.cell)
        ? "cells"
        : dimension.axes.contains(.place(.layer)) && dimension.axes.allSatisfy(\.isOfPlaces)
          ? slice.layers.contains(where: \.isBidirectional) ? "layers and directions" : "layers"
          : dimension.axes.map(\.plural).joined(separator: " × ")
      let others = keys.filter { !chosen.contains($0) }.compactMap { groups[$0]?.first }
      let named = dimension.list(others, among: slice.layers)
      let omitted =
        "\(chosen.count) of \(keys.count) \(what) shown" + (others.count < 5 ? ", not \(named)" : "")
      return (found, others.isEmpty ? nil : omitted)
    }
    let rows = byRow.map { values($0, limit: Self.rowLimits.rows) }
    let most = rows.map { min(limits.panels, Self.rowLimits.panels[$0.values.count]) } ?? limits.panels
    let (columns, hues) = (values(byPanel, limit: most), values(byHue, limit: limits.hues))
    let key = Dimension(axes: (byRow?.axes ?? []) + byPanel.axes)
    let grouped = Dictionary(grouping: slice.layers) { [key.key($0), byHue.key($0)] }
    if let rows {
      let found = Set(slice.layers.map(key.key))
      let isOne = columns.values.count == 1 && !byPanel.varies(in: slice.layers)
      var (panels, slots): ([Value], [Int]) = ([], [])
      for (r, row) in rows.values.enumerated() {
        for (c, column) in columns.values.enumerated() where found.contains(row.key + column.key) {
          let layer = slice.layers.first { key.key($0) == row.key + column.key } ?? row.layer
          let label = isOne ? row.label : "\(row.label), \(column.label)"
          panels.append(Value(label: label, layer: layer, key: row.key + column.key))
          slots.append(r * columns.values.count + c)
        }
      }
      self.panels = panels
      self.rows = columns.values.count > 1 ? PanelGrid(columns: columns.values.count, slots: slots) : nil
    } else {
      (self.panels, self.rows) = (columns.values, nil)
    }
    (self.hue, self.panel, self.slice, self.hues) = (byHue, key, slice, hues.values)
    omissions = [rows?.omitted, columns.omitted, hues.omitted].compactMap { $0 }
    styles = byHue.styles(self.hues.map(\.layer))
    self.layers = grouped
  }

  /// The layers of a curve in a panel, with all seeds and all that lies along x.
  func layers(_ panel: Value, _ hue: Value) -> [TrialLayer] { layers[[panel.key, hue.key]] ?? [] }

  /// The places of networks that are shown.
  var shownPlaces: Set<LayerPlace> {
    Set(panels.flatMap { panel in hues.flatMap { hue in layers(panel, hue).flatMap(\.places) } })
  }

  /// Of the panels, the one of the value that stands for others; nil where none does: of cells, of networks and their
  /// layers.
  var usualPanel: TrialLayer? {
    guard case .trial(let axis)? = panel.axes.first, ![.cell, .layers, .bidirectional].contains(axis) else {
      return nil
    }
    return SweepSlice.held(axis, panels.map(\.layer))
  }

  /// The columns of a CSV that tell curves apart, and the fields of one.
  var columns: [String] { (panel.columns + hue.columns).distinct }
  func fields(_ panel: Value, _ hue: Value) -> [Field] {
    let named = zip(
      self.panel.columns + self.hue.columns, self.panel.fields(panel.layer) + self.hue.fields(hue.layer))
    return columns.map { column in named.first { $0.0 == column }?.1 ?? .none }
  }
}
