import Experiments
import GradientFlow

/// The panels of a diagnosis: a column for each layer and direction, a row for each quantity.
struct LayerPanels: Sendable {
  /// A panel: which layer it is of, and which of the quantities it shows.
  struct Panel: Sendable {
    let layer: LayerDiagnosis
    /// The place among the layers of the diagnosis.
    let place: Int
    let quantity: Int

    var fields: [String] { layer.fields }
  }

  /// In the order they are drawn.
  let panels: [Panel]
  private let slots: [Int]
  private let across: Int
  /// Which part is drawn, for captions; nil if everything is.
  let selection: String?
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
    let across = quantities == 1 ? GridLayout.columns(of: drawn.count) : Self.columns(of: drawn.count)
    var panels: [Panel] = []
    var slots: [Int] = []
    for first in stride(from: 0, to: drawn.count, by: across) {
      for quantity in 0..<quantities {
        for (column, (place, layer)) in drawn[first...].prefix(across).enumerated() {
          panels.append(Panel(layer: layer, place: place, quantity: quantity))
          slots.append((first / across * quantities + quantity) * across + column)
        }
      }
    }
    (self.panels, self.slots, self.across) = (panels, slots, across)
    selection =
      drawn.count == found.count
      ? nil : "\(drawn.count) of \(found.count) layers and directions, evenly spaced"
    directions = diagnosis.problem.model.directions.count
  }

  /// Side by side where several quantities are one below the other.
  private static func columns(of count: Int) -> Int {
    switch count {
    case ...4: count
    case 5, 6, 9: 3
    default: 4
    }
  }

  /// Their places.
  func grid(right: Double = 30, panelHeight: Double? = nil) -> GridLayout {
    GridLayout(slots: slots, columns: across, right: right, panelHeight: panelHeight)
  }

  /// The layers drawn, each once.
  var layers: [LayerDiagnosis] { panels.filter { $0.quantity == 0 }.map(\.layer) }

  /// `layer 0 forward: what`.
  func title(_ panel: Panel, _ what: String? = nil) -> String {
    panel.layer.label(directions: directions) + (what.map { ": \($0)" } ?? "")
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

  /// The places of the panels of one quantity, of the highest and the lowest on the page.
  func extent(_ quantity: Int, _ layout: GridLayout) -> (top: Double, bottom: Double) {
    let edges = panels.indices.filter { panels[$0].quantity == quantity }.map { layout.edges($0) }
    return (edges.map(\.top).max() ?? 1, edges.map(\.bottom).min() ?? 0)
  }
}

extension LayerDiagnosis {
  /// The fields `layer,direction` of a CSV.
  var fields: [String] { ["\(layer)", direction.rawValue] }
}
