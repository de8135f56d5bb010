import Experiments
import Foundation
import GradientFlow
import TextFiles

/// One or several axes of a sweep that together tell panels, curves or points apart.
struct Dimension: Sendable, Hashable {
  let axes: [FigureAxis]

  init(_ axes: Axis...) { self.axes = axes.map(FigureAxis.trial) }
  init(axes: [FigureAxis]) { self.axes = axes }

  /// That of an axis someone chooses: cells with their forget biases, layers with what else tells them apart and nobody
  /// chooses, else the axis alone.
  init(chosen axis: FigureAxis, besides others: [FigureAxis?] = []) {
    switch axis {
    case .trial(.cell): axes = Self.cells.axes.filter { $0 == axis || !others.contains($0) }
    case .place(.layer): axes = Self.places.axes.filter { $0 == axis || !others.contains($0) }
    default: axes = [axis]
    }
  }

  /// Cells, those of an LSTM by forget bias.
  static let cells = Dimension(.cell, .forgetBias)
  /// Clips and penalties.
  static let rules = Dimension(.clip)
  /// Layers and directions of networks, and their parts.
  static let places = Dimension(axes: [.place(.part), .place(.layer), .place(.direction)])

  /// By which layers of trials are told apart.
  func key(_ layer: TrialLayer) -> [String] { axes.map { $0.text(layer) ?? "" } }

  /// Whether these differ in it.
  func varies(in layers: [TrialLayer]) -> Bool {
    guard let first = layers.first.map(key) else { return false }
    return layers.dropFirst().contains { key($0) != first }
  }

  /// Whether it has no axis of some others.
  func isFree(of taken: [Dimension]) -> Bool {
    !axes.contains { axis in taken.contains { $0.axes.contains(axis) } }
  }

  /// The same without what others have; nil for nothing.
  func without(_ taken: [Dimension]) -> Dimension? {
    let left = axes.filter { axis in !taken.contains { $0.axes.contains(axis) } }
    return left.isEmpty ? nil : Dimension(axes: left)
  }

  /// Whether it has an axis of trials.
  func has(_ axis: Axis) -> Bool { axes.contains(.trial(axis)) }

  /// Its number; nil where its values are names.
  func number(_ layer: TrialLayer) -> Double? {
    axes.count == 1 ? axes[0].text(layer).flatMap(Double.init) : nil
  }

  /// What a legend or a panel calls a layer of a trial, in markup.
  func label(_ layer: TrialLayer, among layers: [TrialLayer]) -> String {
    let places = axes.compactMap { if case .place(let axis) = $0 { axis } else { nil } }
    let rest = axes.compactMap { if case .trial(let axis) = $0 { axis } else { nil } }
    return
      ([places.isEmpty ? nil : layer.place.label(places, among: layers.lazy.map(\.place))].compactMap { $0 }
      + Self.labels(layer.trial, rest, among: layers)).joined(separator: ", ")
  }

  private static func labels(
    _ trial: TrialParameters, _ axes: [Axis], among layers: [TrialLayer]
  ) -> [String] {
    if axes.contains(.cell) {
      // A forget bias that all share stands in the caption.
      let rest = axes.filter { $0 != .cell && $0 != .forgetBias }
      let biases = layers.lazy.compactMap(\.forgetBias).distinct.count
      let variant =
        axes.contains(.forgetBias) && biases > 1 ? CellVariant(trial).label : trial.cell.rawValue
      return [variant] + labels(trial, rest, among: layers)
    }
    return axes.compactMap { axis in
      switch axis {
      case .clip: trial.rule.name(among: layers.map(\.rule))
      case .sequenceLength: "T = \(Brief.grouped(trial.sequenceLength))"
      default: axis.heading(trial).map(Markup.plain)
      }
    }
  }

  /// What an axis of a panel is labelled with.
  var title: String {
    switch axes.first {
    case .trial(.spectralRadius): "spectral radius ρ of W_{hh}"
    case .trial(.sequenceLength): "sequence length T (steps)"
    case .trial(.layers): "recurrent layers L"
    case .place(.layer): "layer (0 reads the inputs)"
    case let axis?: Markup.plain(axis.name.replacing("_", with: " "))
    case nil: ""
    }
  }

  /// The columns of a CSV that hold it, and their fields.
  var columns: [String] { axes.map(\.column) }
  func fields(_ layer: TrialLayer) -> [Field] { axes.map { $0.field(layer) } }

  /// The styles of its values, in their order.
  func styles(_ layers: [TrialLayer]) -> [CurveStyle] {
    if self == .cells || self == Dimension(.cell) {
      return CellVariant.styles(layers.map { CellVariant($0.trial) })
    }
    if self == .rules { return CurveStyle.styles(layers.map(\.rule)) }
    if axes.contains(.place(.layer)), axes.allSatisfy(\.isOfPlaces) {
      return CurveStyle.styles(layers.map(\.place))
    }
    let dashes = [[], [12, 5], [10, 4, 3, 4], [3, 4], [16, 4, 3, 4, 3, 4], [6, 4], [20, 5]]
    let points = [7, 11, 5, 9, 13, 15, 8]
    let named: [PlotColor] = [.blue, .vermillion, .green, .orange, .purple, .black, .skyBlue]
    let isOrdered = layers.count > 2 && layers.allSatisfy { number($0) != nil }
    let colors = isOrdered ? PlotColor.steps(layers.count) : named
    return layers.indices.map { k in
      CurveStyle(colors[k % colors.count], dashes[k % dashes.count], points[k % points.count])
    }
  }
}

extension CurveStyle {
  /// The styles of layers: a colour each, from the inputs to the outputs, and dashes for each direction and part.
  static func styles(_ places: [LayerPlace]) -> [CurveStyle] {
    let layers = places.lazy.map(\.layer).distinct.sorted()
    let colors: [PlotColor] = layers.count > 2 ? PlotColor.steps(layers.count) : [.blue, .vermillion]
    // None is dotted, as the states of a cell are.
    let dashes = [[], [12, 5], [10, 4, 3, 4], [20, 5], [16, 4, 3, 4, 3, 4], [20, 4, 8, 4], [6, 4]]
    let (points, outlines) = ([7, 11, 5, 9, 13, 15], [6, 10, 4, 8, 12, 14])
    return places.enumerated().map { k, place in
      let layer = layers.firstIndex(of: place.layer) ?? 0
      return CurveStyle(
        colors[layer % colors.count], dashes[k % dashes.count],
        (place.direction == .reverse ? outlines : points)[layer % points.count])
    }
  }
}
