import GradientFlow

/// What tells the layers of a network apart, as the columns of tables do that have a row for each.
public enum PlaceAxis: String, Sendable, Hashable, CaseIterable {
  /// From 0, the one that reads the inputs.
  case layer
  /// In which it reads the sequence.
  case direction
  /// Encoder or decoder; where it is not asked for, both are one way of the gradient.
  case part

  /// The value of a place; nil where it has none.
  public func text(_ place: LayerPlace) -> String? {
    switch self {
    case .layer: "\(place.layer)"
    case .direction: place.direction.rawValue
    case .part: place.part?.rawValue
    }
  }

  /// What may be written, for messages.
  var allowed: String {
    switch self {
    case .layer: "whole numbers from 0, the layer that reads the inputs"
    case .direction: Direction.allCases.map(\.rawValue).joined(separator: ", ")
    case .part: NetworkPart.allCases.map(\.rawValue).joined(separator: ", ")
    }
  }

  /// Whether a text is a value of it.
  func accepts(_ text: String) -> Bool {
    switch self {
    case .layer: Int(text).map { $0 >= 0 && "\($0)" == text } ?? false
    case .direction: Direction(rawValue: text) != nil
    case .part: NetworkPart(rawValue: text) != nil
    }
  }
}

extension TrialParameters {
  /// The layers and directions of its network, in their order.
  public var places: [LayerPlace] {
    let parts: [NetworkPart?] = task.topology == .encoderDecoder ? [.encoder, .decoder] : [nil]
    return parts.flatMap { part in
      (0..<layers).flatMap { layer in
        Direction.allCases.prefix(directions).map {
          LayerPlace(part: part, layer: layer, direction: $0)
        }
      }
    }
  }

  /// The one that its row of `trials.csv` speaks of: the last layer, read forward; of an encoder and a decoder, the
  /// decoder's.
  public var mainPlace: LayerPlace {
    LayerPlace(part: task.topology == .encoderDecoder ? .decoder : nil, layer: layers - 1)
  }
}
