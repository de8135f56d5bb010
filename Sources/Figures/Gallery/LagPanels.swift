import Experiments
import GradientFlow

/// What figures of curves against lag have in common: a panel a spectral radius, in each a curve a cell, unless something
/// else varies or was asked for; of networks with several layers or directions a row of panels for each.
struct LagPanels<Content> {
  struct Panel {
    let facet: Facets.Value
    /// By curve.
    let contents: [Content]
    let notes: [String]
  }

  let facets: Facets
  /// T of the longest, or the steps of the longest way through an encoder and a decoder.
  let steps: Int
  let panels: [Panel]

  /// - Parameters:
  ///   - joiningParts: whether an encoder and its decoder are one way.
  ///   - content: of the steps of a curve in a panel, one a seed; it may add notes.
  init(
    _ records: RunRecords, joiningParts: Bool = true,
    content: (_ curve: Facets.Value, _ steps: [LayerSteps], _ notes: inout [String]) throws -> Content
  ) throws {
    let facets = Facets(
      records.layers(joiningParts: joiningParts), records.choice, hue: .cells,
      panel: Dimension(.spectralRadius), places: .drawn)
    self.facets = facets
    let shown = facets.shownPlaces
    var longest = facets.slice.layers.lazy.map(\.sequenceLength).max() ?? 0
    panels = try facets.panels.map { panel in
      var notes: [String] = []
      let contents = try facets.hues.map { hue in
        let found = try facets.layers(panel, hue).compactMap { try records.recordWithSteps($0, and: shown) }
        let diverged = found.count { $0.record.status == .diverged }
        if diverged > 0 { notes.append("\(hue.label): \(diverged) diverged, no gradients") }
        let steps = found.compactMap(\.steps)
        longest = steps.lazy.map(\.steps).max().map { max(longest, $0) } ?? longest
        return try content(hue, steps, &notes)
      }
      return Panel(facet: panel, contents: contents, notes: notes)
    }
    steps = longest
  }

  /// `rnn: a (ρ = 0.5) to b (ρ = 1.5)`: of each curve the least and the greatest value over the panels, in the order of
  /// these; of many curves, of the first and the last one.
  func ranges(_ value: (Content) -> Double?, _ say: (Double) -> String) -> [String] {
    let told = facets.hues.count > 4 ? [0, facets.hues.count - 1] : Array(facets.hues.indices)
    return told.compactMap { k in
      let found = panels.compactMap { panel in
        value(panel.contents[k]).map { (value: $0, text: say($0), panel: panel.facet.label) }
      }
      guard let least = found.min(by: { $0.value < $1.value }),
        let greatest = found.max(by: { $0.value < $1.value })
      else { return nil }
      let name = facets.hues.count > 1 ? "\(facets.hues[k].label): " : ""
      if least.text == greatest.text { return name + least.text + (found.count > 1 ? " throughout" : "") }
      // Of panels that read the same, the outermost.
      func place(_ text: String) -> Int {
        found.last?.text == text ? found.count - 1 : found.firstIndex { $0.text == text } ?? 0
      }
      let ends = [place(least.text), place(greatest.text)].sorted().map { found[$0] }
      return name + ends.map { "\($0.text) (\($0.panel))" }.joined(separator: " to ")
    }
  }
}

extension Plot {
  /// The data of a curve over seeds: rows of `fields`, lag, median, quartiles and number of seeds.
  mutating func append(_ curve: SeedCurve, _ fields: [Field]) -> DataBlock? { append(curve.rows(fields)) }
}

extension Panel {
  /// Draws the median over seeds, with quartiles around it.
  ///
  /// - Parameters:
  ///   - quantity: what the names of the columns of median and quartiles begin with.
  ///   - few: the row from which on it rests on few sequences: there it is thin.
  mutating func median(
    _ block: DataBlock?, x: Coordinate = "lag", quantity: String = "log10", hasBand: Bool = true,
    from few: Int? = nil, _ style: CurveStyle
  ) {
    line(
      block, x: x, y: Coordinate("\(quantity)_median"),
      band: hasBand ? ("\(quantity)_q25", "\(quantity)_q75") : nil, from: few, style)
  }
}
