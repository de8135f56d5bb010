/// The part of a network that reads a source sequence, or the one that says another.
public enum NetworkPart: String, Sendable, CaseIterable {
  case encoder, decoder

  /// What the names of its parameters begin with: `encoder.`
  var prefix: String { rawValue + "." }
}

/// Which recurrent layer of a network, and which of its directions.
public struct LayerPlace: Sendable, Hashable {
  /// nil in a network of one part.
  public let part: NetworkPart?
  /// From 0, the one that reads the inputs.
  public let layer: Int
  public let direction: Direction

  public init(part: NetworkPart? = nil, layer: Int, direction: Direction = .forward) {
    self.part = part
    self.layer = layer
    self.direction = direction
  }

  /// What PyTorch calls a parameter of it: `weight_hh_l1_reverse`, `encoder.weight_hh_l0`.
  ///
  /// - Parameter parameter: without the layer's suffix, as `weight_hh`.
  public func name(_ parameter: String) -> String {
    (part?.prefix ?? "") + parameter + direction.suffix(layer: layer)
  }
}

extension LayerPlace: Comparable {
  /// Encoder before decoder, lower layers first, forward before reverse.
  public static func < (a: LayerPlace, b: LayerPlace) -> Bool {
    func order(_ place: LayerPlace) -> (Int, Int, Int) {
      (place.part == .decoder ? 1 : 0, place.layer, place.direction.index)
    }
    return order(a) < order(b)
  }
}
