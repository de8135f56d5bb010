import Experiments
import GradientFlow

/// The layers that are left where not all that tells them apart is drawn, and what a caption says of that.
///
/// Layers count from 0, the one that reads the inputs, in every text as in files and in PyTorch's names.
struct HeldPlaces {
  let layers: [TrialLayer]
  /// Nothing where all networks have one layer, read forward.
  let words: [String]

  /// - Parameters:
  ///   - all: to choose from; those of a trial stand together.
  ///   - drawn: the axes that stay free.
  init(_ all: [TrialLayer], drawn: Set<FigureAxis>) {
    let free = PlaceAxis.allCases.filter { drawn.contains(.place($0)) }
    guard free.count < PlaceAxis.allCases.count else {
      // A figure of whole networks has the one place of each that it is spoken of by.
      let drawsLayers = all.contains { $0.layers > 1 } && !all.allSatisfy { $0.main == $0.mainPlace }
      (layers, words) = (all, drawsLayers ? Self.counting(all) : [])
      return
    }
    // The greatest place is the decoder's last layer; read forward comes first.
    func isFurther(_ a: LayerPlace, than b: LayerPlace) -> Bool {
      func order(_ place: LayerPlace) -> (Int, Int, Int) {
        (place.part == .encoder ? 0 : 1, place.layer, place.direction == .forward ? 1 : 0)
      }
      return order(a) > order(b)
    }
    var held: [TrialParameters: [[String]: LayerPlace]] = [:]
    func key(_ layer: TrialLayer) -> [String] { free.map { $0.text(layer.place) ?? "" } }
    let isSingle = all.allSatisfy(\.hasOneLayer)
    for layer in isSingle ? [] : all {
      let (place, key) = (layer.place, key(layer))
      if held[layer.trial]?[key].map({ isFurther(place, than: $0) }) ?? true {
        held[layer.trial, default: [:]][key] = place
      }
    }
    layers = isSingle ? all : all.filter { held[$0.trial]?[key($0)] == $0.place }
    words = layers.allSatisfy(\.hasOneLayer) ? [] : Self.words(layers, free: free)
  }

  private static func counting(_ layers: [TrialLayer]) -> [String] {
    ["layers count from 0, which reads the inputs"]
      + (layers.contains(where: \.isBelowAnother)
        ? ["below the last layer gradients also enter from above, at every step"] : [])
  }

  private static func words(_ held: [TrialLayer], free: [PlaceAxis]) -> [String] {
    var parts: [String] = []
    if !free.contains(.part), let part = held.lazy.compactMap(\.place.part).first {
      parts.append(part.rawValue)
    }
    if !free.contains(.layer), held.contains(where: { $0.layers > 1 }) {
      let found = held.map { ($0.place.layer, $0.layers) }
      let isLast = found.allSatisfy { $0.0 == $0.1 - 1 }
      if let (layer, count) = found.first, found.allSatisfy({ $0 == (layer, count) }) {
        parts.append("layer \(layer)" + (isLast ? ", the last of \(count)" : " of \(count)"))
      } else if isLast {
        parts.append("the last layer of each network")
      } else {
        let isSame = found.allSatisfy { $0.0 == found.first?.0 }
        parts.append("\(isSame ? "layer \(found.first?.0 ?? 0)" : "one layer") of each network")
      }
    }
    if !free.contains(.direction), held.contains(where: \.isBidirectional),
      let direction = held.first?.place.direction
    {
      parts.append(direction == .forward ? "read forward" : "read from the end")
    }
    let words = parts.joined(separator: ", ")
    return (words.isEmpty ? [] : ["of " + words])
      + (held.contains { $0.layers > 1 } && !parts.isEmpty ? counting(held) : [])
  }
}
