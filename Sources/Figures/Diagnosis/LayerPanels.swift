import GradientFlow

/// The panels of a diagnosis: a column for each layer and direction, a row for each quantity.
struct LayerPanels: Sendable {
  /// A panel: which layer it is of, and which of the quantities it shows.
  struct Place: Sendable {
    let layer: LayerDiagnosis
    /// The place among the layers of the diagnosis.
    let index: Int
    let quantity: Int

    var fields: [Field] { layer.fields }
  }

  /// In the order they are drawn.
  let places: [Place]
  /// nil where all show the same quantity: then they stand as there is room.
  let grid: PanelGrid?
  /// Which part is drawn, for captions; nil if everything is.
  let selection: String?
  /// Whether the model has one layer that reads in one direction, which needs no name.
  let isSingle: Bool
  private let directions: Int

  /// - Parameters:
  ///   - quantities: how many panels are stacked.
  ///   - applies: whether there is something to draw of a layer.
  /// - Throws: ``FigureOmission`` with `reason` where there is nothing to draw at all.
  init(
    _ diagnosis: ModelDiagnosis, quantities: Int = 1, orElse reason: @autoclosure () -> String,
    where applies: (LayerDiagnosis) -> Bool
  ) throws(FigureOmission) {
    let found = diagnosis.layers.enumerated().filter { applies($0.element) }
    guard !found.isEmpty else { throw FigureOmission(reason: reason()) }
    let drawn = found.spread(quantities == 1 ? 12 : 8)
    let across = quantities == 1 ? drawn.count : Self.columns(of: drawn.count)
    var places: [Place] = []
    var slots: [Int] = []
    for first in stride(from: 0, to: drawn.count, by: across) {
      for quantity in 0..<quantities {
        for (column, (index, layer)) in drawn[first...].prefix(across).enumerated() {
          places.append(Place(layer: layer, index: index, quantity: quantity))
          slots.append((first / across * quantities + quantity) * across + column)
        }
      }
    }
    self.places = places
    grid = quantities == 1 ? nil : PanelGrid(columns: across, slots: slots)
    selection =
      drawn.count == found.count
      ? nil : "\(drawn.count) of \(found.count) layers and directions, evenly spaced"
    directions = diagnosis.problem.model.directions.count
    isSingle = diagnosis.problem.isSingle
  }

  /// Side by side where several quantities are one below the other.
  private static func columns(of count: Int) -> Int {
    switch count {
    case ...4: count
    case 5, 6, 9: 3
    default: 4
    }
  }

  /// The layers drawn, each once.
  var layers: [LayerDiagnosis] { places.filter { $0.quantity == 0 }.map(\.layer) }

  /// Of a single layer what its panel shows; where there are several, `layer 0 forward: brief`.
  func title(_ place: Place, _ what: String = "", brief: String? = nil) -> String {
    if isSingle { return what }
    let shown = brief ?? what
    return place.layer.label(directions: directions) + (shown.isEmpty ? "" : ": \(shown)")
  }

  /// Statements about the layers, for a subtitle; if there are many, about the first and the last.
  func sentence(_ say: (LayerDiagnosis) -> String?) -> String {
    let layers = layers
    guard layers.count > 1 else { return layers.first.flatMap(say) ?? "" }
    let chosen = layers.count > 4 ? [layers[0], layers[layers.count - 1]] : layers
    return chosen.compactMap { layer in
      say(layer).map { "\(layer.label(directions: directions)): \($0)" }
    }.joined(separator: "; ")
  }
}

extension LayerDiagnosis {
  /// The fields `layer,direction` of a CSV.
  var fields: [Field] { [Field(layer), Field(direction.rawValue)] }
}
