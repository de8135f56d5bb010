import GradientFlow

/// Layers and directions of networks in few words: `layers 0 to 62, the reverse direction`.
struct PlaceList {
  /// Of one place: `layer 1`.
  let isOne: Bool
  let words: String

  /// - Parameter groups: one of each place.
  init(_ groups: [ComparisonGroup]) {
    isOne = groups.count == 1
    words =
      groups.grouped {
        [$0.place?.part?.rawValue, $0.place?.direction.rawValue, $0.trial.layers > 1 ? "" : nil]
      }
      .map { Self.words($0.members) }.listed
  }

  /// Those that have all but the layer in common.
  private static func words(_ groups: [ComparisonGroup]) -> String {
    guard groups.count > 1, let place = groups[0].place else { return groups.first?.placeWords ?? "" }
    let layers = groups.compactMap(\.place?.layer).sorted()
    var runs: [ClosedRange<Int>] = []
    for layer in layers {
      if let last = runs.last, last.upperBound == layer - 1 {
        runs[runs.count - 1] = last.lowerBound...layer
      } else {
        runs.append(layer...layer)
      }
    }
    let names = runs.flatMap { run in
      run.count > 2 ? ["\(run.lowerBound) to \(run.upperBound)"] : run.map(String.init)
    }
    return (place.part.map { "\($0.rawValue) " } ?? "") + "layers \(names.listed)"
      + (place.direction == .reverse ? " reverse" : "")
  }
}
