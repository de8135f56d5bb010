import Experiments
import Foundation
import TextFiles

extension Dimension {
  /// The first of some axes, then of all others, along which layers of trials have several values that are all numbers.
  static func numbers(
    _ first: [Axis], in layers: [TrialLayer], except taken: [FigureAxis?] = []
  ) -> Dimension? {
    Axis.all(first: first).lazy.filter { $0 != .seed && !taken.contains(.trial($0)) }.map { Dimension($0) }
      .first { $0.places(in: layers).count > 1 && $0.isNumeric(layers) }
  }

  /// Whether all values that they have are numbers.
  func isNumeric(_ layers: [TrialLayer]) -> Bool {
    layers.allSatisfy { applies($0) == (number($0) != nil) } && layers.contains(where: applies)
  }

  /// Whether it has a value.
  func applies(_ layer: TrialLayer) -> Bool { axes.contains { $0.text(layer) != nil } }

  /// One of each value that there is, in the order of the numbers or of the grid.
  func places(in layers: [TrialLayer]) -> [TrialLayer] {
    let first = Dictionary(grouping: layers.filter(applies), by: key).compactMapValues(\.first)
    let found = layers.lazy.map(key).distinct.compactMap { first[$0] }
    return isNumeric(found) ? found.sorted { (number($0) ?? 0) < (number($1) ?? 0) } : found
  }

  /// Its value, without a name, in markup.
  func value(_ layer: TrialLayer, among layers: [TrialLayer]) -> String {
    guard let number = number(layer) else { return label(layer, among: layers) }
    if number == number.rounded(), number.magnitude < 1e9 { return Brief.grouped(Int(number)) }
    return CSVField.number(number).replacing("-", with: "−")
  }

  /// Several values: `ρ = 0.5, 1`.
  func list(_ layers: [TrialLayer], among all: [TrialLayer]) -> String {
    (isNumeric(layers) ? symbol : "") + layers.map { value($0, among: all) }.joined(separator: ", ")
  }

  /// What stands before a value in a sentence: `ρ = `, `T = `, `input scale `.
  var symbol: String {
    switch axes.first {
    case .trial(.spectralRadius): "ρ = "
    case .trial(.sequenceLength): "T = "
    case .trial(.layers): "L = "
    case .place(.layer): "layer "
    default: title + " "
    }
  }
}
