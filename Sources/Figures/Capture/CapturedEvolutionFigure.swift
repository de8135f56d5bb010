import Experiments
import GradientFlow
import TextFiles

/// log10 ‖∂L/∂h_t‖ as a map of lag by update, as ``EvolutionFigure`` of a training of this program. A panel a module,
/// layer and direction, those of the last ones where there are many.
struct CapturedEvolutionFigure: CaptureFigure {
  let name = CaptureFigureName.evolution
  let question = "How far back do gradients reach while a network learns?"

  private static let cells = 5000, depth = 15.0, limit = 6

  func plot(of evolution: CaptureEvolution) throws -> Plot {
    let all = evolution.modules.flatMap { module in
      (module.updates.first?.layers.indices).map { layers in layers.map { (module, $0) } } ?? []
    }
    let shown = all.suffix(Self.limit)
    let maps = shown.compactMap {
      CapturedMap($0.0, layer: $0.1, every: evolution.every, cells: Self.cells / shown.count)
    }
    guard !maps.isEmpty else {
      throw FigureOmission(reason: "fewer than two updates of a module were captured")
    }
    let scale = ColorScale.sequential(maps.flatMap(\.values), depth: Self.depth, label: "‖∂L/∂h_t‖")
    let isRagged = maps.contains { $0.values.contains(where: \.isNaN) }
    let hasZeros = maps.contains { $0.values.contains(-.infinity) }
    var plot = Plot(
      self, columns: ["module", "layer", "direction", "lag", "column", "update", "log10_grad_h"],
      title: "‖∂L/∂h_t‖ during training: how far back gradients reach", statement: statement(maps),
      caption: FigureCaption(
        evolution,
        notes: [
          "norm over the batch, by lag from each sequence's end",
          "columns: every \(Brief.grouped(evolution.every)) updates",
        ]
          + (hasZeros
            ? ["grey: exactly 0" + (isRagged ? ", or no sequence of the batch is so long" : "")]
            : isRagged ? ["grey: no sequence of the batch is so long"] : [])
          + (all.count > shown.count ? ["\(shown.count) of \(all.count) layers"] : [])))
    let longest = maps.compactMap(\.profiles.updates.last).max() ?? 1
    for map in maps {
      var panel = Panel(map.title, x: map.profiles.axis(of: longest), y: map.profiles.axis(lags: map.lags))
      panel.ground = .lightGrey
      (panel.colors, panel.hasGrid) = (scale, false)
      panel.map(plot.append(map.rows), x: "column", y: "lag", value: "log10_grad_h")
      plot.panels.append(panel)
    }
    return plot
  }

  /// From end to beginning of the sequence at the first and the last update.
  private func statement(_ maps: [CapturedMap]) -> String {
    "‖∂L/∂h_1‖ / ‖∂L/∂h_T‖ at the first → last update drawn: "
      + maps.map { map in
        let changes = [map.profiles.changes.first, map.profiles.changes.last].map { change -> String in
          guard let change, !change.isNaN else { return "0/0" }
          return change.magnitude < 1 ? Brief.factor(change) : Brief.power(change)
        }
        let name = maps.count == 1 ? "" : map.title + " "
        return "\(name)\(changes[0]) → \(changes[1])"
      }.joined(separator: "; ")
  }
}

/// The map of a layer.
private struct CapturedMap {
  let title: String
  let profiles: TrainingProfiles
  let lags: [Int]
  private let fields: [Field]

  init?(_ module: CaptureEvolution.Module, layer: Int, every: Int, cells: Int) {
    let updates = module.updates.filter { $0.layers.indices.contains(layer) }
    guard updates.count > 1, let place = updates.first?.layers[layer].place,
      let steps = updates.map({ $0.layers[layer].byLag.count }).max(), steps > 0
    else { return nil }
    let whole = TrainingProfiles(
      updates: updates.map(\.number),
      // By t = 0…T; the state before the first step is not drawn.
      norms: updates.map { update in
        let byLag = update.layers[layer].byLag
        return [Double](repeating: .nan, count: steps - byLag.count + 1) + byLag.reversed()
      },
      changes: updates.map { update in
        let byLag = update.layers[layer].byLag
        return byLag[byLag.count - 1] - byLag[0]
      }, hasShortWindows: false, hasLengths: true, interval: every, seam: nil)
    let columns = min(updates.count, max(40, Int((2 * Double(cells)).squareRoot())))
    profiles = whole.thinned(columns)
    lags = Array(0..<steps).spread(max(20, cells / columns))
    let count = updates[0].layers.count
    let name = "module \(module.name)"
    title = Markup.plain(
      count == 1
        ? name
        : "\(name), layer \(place.layer)"
          + (updates[0].layers.contains { $0.place.direction == .reverse }
            ? " \(place.direction.rawValue)" : ""))
    fields = [Field(module.name), Field(place.layer), Field(place.direction.rawValue)]
  }

  var values: [Double] { lags.flatMap { lag in profiles.norms.map { $0[profiles.steps - lag] } } }

  var rows: [[Field]] {
    lags.flatMap { lag in
      profiles.updates.indices.map { k in
        fields + [
          Field(lag), Field(k), Field(profiles.updates[k]), .drawn(profiles.norms[k][profiles.steps - lag]),
        ]
      }
    }
  }
}
