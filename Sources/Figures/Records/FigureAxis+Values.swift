import Experiments
import GradientFlow

extension FigureAxis {
  /// The value of a layer of a trial, as a specification writes it; nil where it has none.
  func text(_ layer: TrialLayer) -> String? {
    switch self {
    case .trial(let axis): axis.text(layer.trial)
    case .place(let axis): axis.text(layer.place)
    }
  }

  /// The column of a CSV that holds it, and its field.
  var column: String {
    switch self {
    case .trial(let axis): axis.column
    case .place(let axis): axis.rawValue
    }
  }

  func field(_ layer: TrialLayer) -> Field {
    switch self {
    case .trial(let axis): Field(ofCSV: axis.field(layer.trial))
    case .place(let axis): axis.text(layer.place).map { .text($0) } ?? .none
    }
  }

  /// What several of its values are called.
  var plural: String {
    switch self {
    case .trial(.spectralRadius): "spectral radii"
    case .trial(.sequenceLength): "lengths"
    case .trial(.clip): "clips"
    case .trial(let axis): axis.key.rawValue.replacing("_", with: " ") + " values"
    case .place(let axis): axis.rawValue + "s"
    }
  }

  /// Whether it tells layers of a network apart.
  var isOfPlaces: Bool { if case .place = self { true } else { false } }
}

extension LayerPlace {
  /// `encoder layer 1 reverse`: those parts of the name that tell it from others, but for one alone.
  ///
  /// - Parameters:
  ///   - axes: which of its parts may be named.
  ///   - others: among which it is.
  func label(_ axes: [PlaceAxis], among others: some Sequence<LayerPlace>) -> String {
    func varies(_ axis: PlaceAxis) -> Bool { others.contains { axis.text($0) != axis.text(self) } }
    let part = axes.contains(.part) ? part?.rawValue : nil
    let isReadBothWays = axes.contains(.direction) && varies(.direction)
    let layer =
      axes.contains(.layer) && (varies(.layer) || part == nil && !isReadBothWays) ? "layer \(layer)" : nil
    let name = [part, layer, isReadBothWays ? direction.rawValue : nil].compactMap { $0 }
    return name.isEmpty ? direction.rawValue : name.joined(separator: " ")
  }
}
