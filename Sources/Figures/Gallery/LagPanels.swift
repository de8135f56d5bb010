import Experiments
import GradientFlow

/// What figures of curves against lag have in common: panels by spectral radius, and in each what is drawn of the cell
/// variants.
struct LagPanels<Content> {
  struct Panel {
    let radius: Double
    /// By variant.
    let contents: [Content]
    let notes: [String]

    var title: String { "spectral radius ρ = \(CSVField.number(radius))" }
  }

  let slice: SweepSlice
  /// T.
  let steps: Int
  let variants: [CellVariant]
  let styles: [CurveStyle]
  /// Of the extreme radii and some between.
  let panels: [Panel]

  /// - Parameter content: of the step tables of a variant at a radius, one a seed; it may add notes.
  init(
    _ records: RunRecords,
    content: (_ variant: CellVariant, _ tables: [StepTable], _ notes: inout [String]) throws -> Content
  ) throws {
    let slice = SweepSlice(records.run.trials)
    let variants = slice.variants
    self.slice = slice
    self.variants = variants
    steps = slice.trials.first?.sequenceLength ?? 0
    styles = CellVariant.styles(variants)
    panels = try slice.radii.spread(6).map { radius in
      var notes: [String] = []
      let contents = try variants.map { variant in
        let found = try slice.trials.filter { $0.spectralRadius == radius && CellVariant($0) == variant }
          .compactMap(records.recordWithSteps)
        let diverged = found.count { $0.status == .diverged }
        if diverged > 0 { notes.append("\(variant.label): \(diverged) diverged, no gradients") }
        return try content(variant, found.compactMap(\.steps), &notes)
      }
      return Panel(radius: radius, contents: contents, notes: notes)
    }
  }

  /// `rnn: a (ρ = 0.5) to b (ρ = 1.5)`: what there is to say of each variant at both ends of the radii.
  func ends(_ say: (Content) -> String?) -> [String] {
    variants.enumerated().compactMap { k, variant in
      let found = panels.compactMap { panel in say(panel.contents[k]).map { ($0, panel.radius) } }
      guard let first = found.first, let last = found.last else { return nil }
      if found.count == 1 { return "\(variant.label): \(first.0)" }
      return "\(variant.label): \(first.0) (ρ = \(CSVField.number(first.1))) to "
        + "\(last.0) (ρ = \(CSVField.number(last.1)))"
    }
  }
}

extension FigurePage {
  /// Draws a curve over seeds, whose data are rows of `fields`, lag, median, quartiles and number of seeds.
  ///
  /// - Parameters:
  ///   - x: a column or an expression in parentheses.
  ///   - quantity: what the names of the columns of median and quartiles begin with.
  mutating func draw(
    _ curve: SeedCurve, _ fields: [String], x: String = "lag", quantity: String = "log10", linetype: Int,
    hasBand: Bool = true
  ) {
    draw(
      append(curve.rows(fields)), x: x, y: "(shown(\(quantity)_median))",
      band: hasBand ? ("(shown(\(quantity)_q25))", "(shown(\(quantity)_q75))") : nil, linetype: linetype)
  }
}
