import Experiments
import Foundation
import GradientFlow

/// The second axis of a phase figure.
struct PhaseAxis: Sendable {
  /// The column's name and the axis' label.
  let name, title: String
  /// Ascending.
  let values: [Double]
  /// The value of a trial.
  let value: @Sendable (TrialParameters) -> Double

  /// The columns before those of ``PhaseCell``.
  var fields: [String] { ["cell", "forget_bias", "spectral_radius", name] }

  /// Ranges: cells are of equal size, at 0, 1, 2… on both axes.
  func commands(radii: [Double]) -> [String] {
    [
      PlotAxis.x.range(-0.5, Double(radii.count) - 0.5), PlotAxis.y.range(-0.5, Double(values.count) - 0.5),
      "unset grid; set tics scale 0",
    ]
  }

  /// Tics with the values, at most as many as have room.
  func panelCommands(atLeft: Bool, atBottom: Bool, _ radii: [Double]) -> [String] {
    func tics(_ values: [Double], limit: Int) -> [(name: String, place: Double)] {
      let stride = max(1, (values.count + limit - 1) / limit)
      return values.enumerated().filter { $0.offset % stride == 0 }.map { (CSVField.number($1), Double($0)) }
    }
    return [
      PlotAxis.x.tics(tics(radii, limit: 11), labelled: atBottom),
      PlotAxis.y.tics(tics(values, limit: 14), labelled: atLeft),
    ]
  }
}

/// A cell of the map.
struct PhaseCell: Sendable {
  /// What the cell shows.
  enum State: String, Sendable {
    case ok
    /// The median ratio is exactly zero.
    case zero
    /// All gradients are exactly zero, so that there is no ratio.
    case allZero = "all-zero"
    case diverged
    case missing
  }

  let column, row: Int
  let radius, other: Double
  let state: State
  /// Median over seeds of the log10 ratio, −∞ for zero; nil where there is none.
  let value: Double?
  let trials: Int

  /// - Parameter found: the records of all seeds.
  init(column: Int, row: Int, radius: Double, other: Double, _ found: [TrialRecord]) {
    (self.column, self.row, self.radius, self.other, trials) = (column, row, radius, other, found.count)
    value = quantile(found.compactMap(\.log10RatioFirstLast), 0.5)
    if let value {
      state = value == -.infinity ? .zero : .ok
    } else if found.isEmpty {
      state = .missing
    } else {
      state = found.contains { $0.status == .diverged } ? .diverged : .allZero
    }
  }

  /// What is written on it.
  var label: String {
    switch state {
    case .ok:
      guard let value else { return "" }
      let text = String(format: value.magnitude < 9.95 ? "%.1f" : "%.0f", value)
      return text == "-0.0" ? "0.0" : text
    case .zero: return "−∞"
    case .allZero: return "0/0"
    case .diverged: return "div"
    case .missing: return "–"
    }
  }

  func row(_ variant: CellVariant) -> [String] {
    variant.fields + [
      CSVField.number(radius), CSVField.number(other), "\(column)", "\(row)",
      CSVField.number(value), "\(trials)", state.rawValue, label,
    ]
  }
}

/// The map of one cell variant.
struct PhaseMap: Sendable {
  let variant: CellVariant
  /// All cells of the grid.
  let cells: [PhaseCell]

  init(
    _ variant: CellVariant, _ slice: SweepSlice, _ axis: PhaseAxis, _ records: RunRecords
  ) throws {
    self.variant = variant
    let trials = slice.trials.filter { CellVariant($0) == variant }
    let groups = Dictionary(grouping: trials) { [$0.spectralRadius, axis.value($0)] }
    cells = try axis.values.enumerated().flatMap { row, other in
      try slice.radii.enumerated().map { column, radius in
        PhaseCell(
          column: column, row: row, radius: radius, other: other,
          try (groups[[radius, other]] ?? []).compactMap(records.record))
      }
    }
  }

  /// Lines between neighbours of which one vanishes and the other does not.
  var boundary: [String] {
    let values = Dictionary(uniqueKeysWithValues: cells.map { ([$0.column, $0.row], $0.value) })
    var lines: [String] = []
    for cell in cells {
      guard let value = cell.value else { continue }
      let (x, y) = (Double(cell.column) + 0.5, Double(cell.row) + 0.5)
      for (neighbour, from) in [
        ([cell.column + 1, cell.row], (x, y - 1)), ([cell.column, cell.row + 1], (x - 1, y)),
      ] {
        guard let other = values[neighbour] ?? nil, (value < 0) != (other < 0) else { continue }
        lines.append(
          GnuplotText.graphic(
            "set arrow from \(fixed(from.0)), \(fixed(from.1)) to \(fixed(x)), \(fixed(y)) nohead front "
              + "linecolor rgb '#000000' linewidth 2.5"))
      }
    }
    return lines
  }
}

/// Where mean-field theory puts the edge between vanishing and exploding gradients of a plain RNN: χ = 1.
///
/// A band, for a W_hh rescaled to the spectral radius ρ has σ_w between ρ/ρ_N and ρ; see `MeanFieldBand`.
struct CriticalLine: Sendable {
  /// By row: ρ at which χ = 1, for σ_w = ρ and for σ_w = ρ/ρ_N.
  private let rows: [(row: Int, radii: [Double])]
  private let radii: [Double]

  /// - Returns: nil where the mean field of a plain RNN does not speak of the trials, and where W_hh is not random.
  init?(_ map: PhaseMap, _ slice: SweepSlice, _ axis: PhaseAxis) {
    rows = axis.values.enumerated().compactMap { row, value in
      guard
        let trial = slice.trials.first(where: { CellVariant($0) == map.variant && axis.value($0) == value }),
        trial.hasPlainDecay, let activation = trial.meanFieldActivation,
        let scales = trial.initializer.recurrentScales(spectralRadius: 1, hiddenSize: trial.hiddenSize)
      else { return nil }
      let critical = Self.criticalScale(activation, inputScale: trial.inputDeviation)
      return (row, [critical / scales.upperBound, critical / scales.lowerBound].distinct)
    }
    radii = slice.radii
    if rows.isEmpty { return nil }
  }

  /// σ_w at which χ = 1.
  private static func criticalScale(_ activation: Activation, inputScale: Double) -> Double {
    switch activation {
    case .tanh: return MeanField.criticalWeight(inputScale: inputScale)
    case .relu: return 2.squareRoot()
    case .linear: return 1
    }
  }

  /// Dashed lines over the cells, where the radii reach.
  var commands: [String] {
    (0..<(rows.map(\.radii.count).max() ?? 0)).flatMap { edge -> [String] in
      let points = rows.compactMap { row -> (x: Double, y: Double)? in
        guard edge < row.radii.count, let x = column(of: row.radii[edge]) else { return nil }
        return (x, Double(row.row))
      }
      guard let first = points.first, let last = points.last else { return [] }
      let line = [(x: first.x, y: first.y - 0.5)] + points + [(x: last.x, y: last.y + 0.5)]
      return zip(line, line.dropFirst()).map { from, to in
        GnuplotText.graphic(
          "set arrow from \(fixed(from.x)), \(fixed(from.y)) to \(fixed(to.x)), \(fixed(to.y)) nohead front "
            + Pen.marker)
      }
    }
  }

  /// Columns are at 0, 1, 2…; between them the axis is taken to be linear in ρ.
  private func column(of radius: Double) -> Double? {
    guard let next = radii.firstIndex(where: { $0 >= radius }) else { return nil }
    if radii[next] == radius { return Double(next) }
    guard next > 0 else { return nil }
    return Double(next) - (radii[next] - radius) / (radii[next] - radii[next - 1])
  }
}

/// Colours: blue for vanishing, white for 0, brown for exploding, the same distance either way.
struct PhaseScale: Sendable {
  /// What has the full colour; larger values have it too.
  let limit: Double
  private let saturates: (below: Bool, above: Bool)

  /// - Parameter values: log10 ratios, of which nine tenths are to be in range.
  init(_ values: [Double]) {
    let sizes = values.filter(\.isFinite).map(\.magnitude)
    let wanted = max(1, quantile(sizes, 0.9) ?? 1)
    let step = DecadeAxis.niceStep(wanted / 5)
    let limit = step * (wanted / step).rounded(.up)
    self.limit = limit
    saturates = (values.contains { $0 < -limit }, values.contains { $0 > limit })
  }

  func commands(_ layout: GridLayout) -> [String] {
    let step = DecadeAxis.niceStep(limit / 4)
    var tics: [(String, Double)] = []
    var value = -(limit / step).rounded(.down) * step
    while value <= limit * 1.0001 {
      let end = value < 0 ? saturates.below : saturates.above
      let sign = abs(abs(value) - limit) < step / 100 && end ? (value < 0 ? "≤ " : "≥ ") : ""
      let exponent = CSVField.number((value * 1000).rounded() / 1000)
      tics.append(("\(sign)10^{\(exponent)}", value))
      value += step
    }
    let (bottom, top) = (layout.edges(layout.count - 1).bottom, layout.edges(0).top)
    return [
      HeatScale.divergingPalette, "limit = \(fixed(limit))", "set cbrange [-limit:limit]",
      PlotAxis.color.tics(tics), HeatScale.bar((top, bottom), inset: 130),
      "unset colorbox",
      "ratio(c) = strcol(c) eq '-inf' ? -2 * limit : strcol(c) eq 'inf' ? 2 * limit : column(c)",
      "saturated(c) = ratio(c) < -limit ? -limit : ratio(c) > limit ? limit : ratio(c)",
      "ink(c) = abs(saturated(c)) > 0.5 * limit ? 0xffffff : 0x000000",
      "set style fill solid 1 border linecolor rgb '#ffffff'",
    ]
  }
}
