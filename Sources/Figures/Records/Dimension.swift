import Experiments
import Foundation
import GradientFlow
import TextFiles

/// One or several axes of a sweep that together tell panels, curves or points apart.
struct Dimension: Sendable, Hashable {
  let axes: [Axis]

  init(_ axes: Axis...) { self.axes = axes }
  init(axes: [Axis]) { self.axes = axes }

  /// That of an axis someone chooses: cells with their forget biases, else the axis alone.
  init(chosen axis: Axis) { self = axis == .cell ? .cells : Dimension(axis) }

  /// Cells, those of an LSTM by forget bias.
  static let cells = Dimension(.cell, .forgetBias)
  /// Clips and penalties.
  static let rules = Dimension(.clip)

  /// By which trials are told apart.
  func key(_ trial: TrialParameters) -> [String] { axes.map { $0.text(trial) ?? "" } }

  /// Whether these trials differ in it.
  func varies(in trials: [TrialParameters]) -> Bool { trials.lazy.map(key).distinct.count > 1 }

  /// Whether it has no axis of some others.
  func isFree(of taken: [Dimension]) -> Bool {
    !axes.contains { axis in taken.contains { $0.axes.contains(axis) } }
  }

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
