import Experiments
import GradientFlow

/// A trial, and of its network the layer and direction that a figure looks at.
///
/// Of an encoder and a decoder, a place without a part is the whole way of the gradient: through the decoder and on through
/// the encoder.
@dynamicMemberLookup
struct TrialLayer: Sendable, Hashable {
  let trial: TrialParameters
  let place: LayerPlace

  init(_ trial: TrialParameters, at place: LayerPlace) { (self.trial, self.place) = (trial, place) }

  /// What is known of the trial whatever the layer.
  subscript<Value>(dynamicMember path: KeyPath<TrialParameters, Value>) -> Value { trial[keyPath: path] }

  /// Whether gradients enter it from the layer above, at every step.
  var isBelowAnother: Bool { place.layer < trial.layers - 1 }

  /// The place whose results speak for it: of the whole way, the decoder's.
  var main: LayerPlace {
    LayerPlace(
      part: place.part ?? trial.mainPlace.part, layer: place.layer, direction: place.direction)
  }

  /// The places of the network that it stands for.
  var places: Set<LayerPlace> {
    guard place.part == nil, trial.mainPlace.part != nil else { return [place] }
    return Set(
      NetworkPart.allCases.map { LayerPlace(part: $0, layer: place.layer, direction: place.direction) })
  }
}

extension RunRecords {
  /// The layers of the chosen trials that a figure may show: those that were chosen, else all.
  ///
  /// - Parameter joiningParts: whether an encoder and its decoder are one way, unless someone asks for one of them.
  func layers(joiningParts: Bool) -> [TrialLayer] {
    let part = FigureAxis.place(.part)
    let joins =
      joiningParts && selection?.names(.part) != true && ![choice.x, choice.hue, choice.panel].contains(part)
    return trials.flatMap { trial in
      trial.places.filter { selection?.contains($0) ?? true }.compactMap { place in
        guard joins, let part = place.part else { return TrialLayer(trial, at: place) }
        if part == .encoder { return nil }
        return TrialLayer(trial, at: LayerPlace(layer: place.layer, direction: place.direction))
      }
    }
  }

  /// The chosen trials, for figures of whole networks.
  var networks: [TrialLayer] { trials.map { TrialLayer($0, at: $0.mainPlace) } }
}
