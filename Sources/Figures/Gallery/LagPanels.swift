import Experiments
import GradientFlow

/// What figures of curves against lag have in common: panels by spectral radius, and in each the
/// curves of the cell variants, with bands over seeds.
struct LagPanels {
  /// At most so many radii are drawn.
  static let limit = 6

  let slice: SweepSlice
  let variants: [CellVariant]
  let styles: [CurveStyle]
  /// The radii drawn: the extreme ones and some between.
  let radii: [Double]

  init(_ slice: SweepSlice) {
    self.slice = slice
    variants = slice.variants
    styles = CellVariant.styles(variants)
    radii = slice.radii.spread(Self.limit)
  }

  /// The trials of a variant at a radius, one a seed.
  func trials(_ variant: CellVariant, _ radius: Double) -> [TrialParameters] {
    slice.trials.filter { $0.spectralRadius == radius && CellVariant($0) == variant }
  }

  /// `spectral radius 0.9`, and how many trials are missing there for a reason.
  func title(_ radius: Double) -> String { "spectral radius ρ = \(CSVField.number(radius))" }

  /// The records of trials that have steps, and how many diverged.
  static func stepTables(
    _ trials: [TrialParameters], _ records: RunRecords
  ) throws -> (tables: [StepTable], diverged: Int) {
    var tables: [StepTable] = []
    var diverged = 0
    for trial in trials {
      guard let record = try records.recordWithSteps(trial) else { continue }
      if let steps = record.steps { tables.append(steps) }
      if record.status == .diverged { diverged += 1 }
    }
    return (tables, diverged)
  }

}

/// A curve on its way into a plot command: where its data are and how it is drawn.
struct PlottedCurve {
  /// The columns of median and quartiles.
  struct Columns {
    let median, low, high: String

    static let log10 = Columns(median: "log10_median", low: "log10_q25", high: "log10_q75")
    static let share = Columns(
      median: "cumulative_share_median", low: "cumulative_share_q25", high: "cumulative_share_q75")
  }

  let block, points, linetype: Int
  /// A column or an expression in parentheses.
  var x = "lag"
  var columns = Columns.log10
  var hasBand = true

  /// The elements of a plot command: all bands below all curves. A lone point is a point.
  static func elements(_ curves: [PlottedCurve]) -> [String] {
    let bands = curves.filter { $0.hasBand && $0.points > 1 }.map { curve in
      "for [i=1:bands] \(curve.using):(shown(\(curve.columns.low))):(shown(\(curve.columns.high))) "
        + "with filledcurves linetype \(curve.linetype) notitle"
    }
    return bands
      + curves.map { curve in
        "\(curve.using):(shown(\(curve.columns.median))) with "
          + "\(curve.points == 1 ? "points" : "lines") linetype \(curve.linetype) notitle"
      }
  }

  private var using: String { "data skip 1 index \(block) using \(x)" }
}

extension FigureTable {
  /// Adds a curve as a block, with the same fields before each row; nil for a curve without points.
  mutating func append(_ curve: LagCurve, fields: [String]) -> Int? {
    guard !curve.points.isEmpty else { return nil }
    return append(curve.points.map { fields + ["\($0.lag)"] + $0.summary.fields })
  }
}
