import Experiments
import Foundation
import GradientFlow
import TextFiles

/// A cell of a phase map.
struct PhaseCell: Sendable {
  static let columns = [
    "column_index", "row_index", "decades_mean", "decades_low", "decades_high", "seeds", "claim", "label",
  ]

  let column, row: Int
  /// nil where the grid has no trial.
  let estimate: DecayEstimate?

  /// What is written on it.
  var label: String {
    switch estimate?.claim {
    case nil: return ""
    case .zero: return "−∞"
    case .noRate: return "0/0"
    case .diverged: return "div"
    case .missing: return "–"
    default:
      guard let decades = estimate?.decades else { return "" }
      let text = String(format: decades.magnitude < 9.95 ? "%.1f" : "%.0f", decades)
      return text == "-0.0" ? "0.0" : text.replacing("-", with: "−")
    }
  }

  /// The fields of ``columns``.
  var fields: [Field] {
    let way = estimate.map { Double(max(0, $0.trial.sequenceLength - 1)) } ?? .nan
    return [
      Field(column), Field(row), Field(estimate?.decades), Field(estimate?.ends.map { $0.low * way }),
      Field(estimate?.ends.map { $0.high * way }), Field(estimate?.seeds.with ?? 0),
      .text(estimate?.claim.rawValue ?? "none"), .text(label),
    ]
  }
}

/// The map of one panel, from its lower left cell on.
struct PhaseMap: Sendable {
  let title: String
  let cells: [PhaseCell]
  /// Of the table.
  let rows: [[Field]]

  init(
    _ panel: Facets.Value, _ facets: Facets, _ columns: Dimension, _ places: [TrialLayer],
    _ records: RunRecords
  ) throws {
    title = panel.label
    var (cells, rows): ([PhaseCell], [[Field]]) = ([], [])
    for (y, row) in facets.hues.enumerated() {
      let trials = Dictionary(grouping: facets.layers(panel, row), by: columns.key)
      for (x, place) in places.enumerated() {
        let cell = PhaseCell(
          column: x, row: y, estimate: try DecayEstimate(trials[columns.key(place)] ?? [], records))
        cells.append(cell)
        rows.append(facets.fields(panel, row) + columns.fields(place) + cell.fields)
      }
    }
    (self.cells, self.rows) = (cells, rows)
  }

  /// `rnn vanishes in 24 of 36 cells, explodes in 8, is not distinguishable from constant in 4`.
  var sentence: String {
    let known = cells.compactMap(\.estimate).filter { $0.claim != .missing }
    let order = [-1, 1, 0, nil]
    let claims = order.flatMap { side in known.filter { $0.claim.side == side } }
    let words = claims.map(\.words)
    let counts = words.distinct.map { word in (word, words.count { $0 == word }) }
    guard counts.count > 1 else {
      return "\(title) \(counts.first.map { "\($0.0) in all \($0.1) cells" } ?? "has not been run")"
    }
    return "\(title) "
      + counts.enumerated().map { k, count in
        "\(count.0) in \(count.1)\(k == 0 ? " of \(claims.count) cells" : "")"
      }
      .joined(separator: ", ")
  }

  /// Between neighbours of which one vanishes and the other explodes.
  var border: [[(x: Double, y: Double)]] {
    Self.edges(cells) { a, b in
      guard let a = a?.claim.side, let b = b?.claim.side else { return false }
      return a * b < 0
    }
  }

  /// Around the cells that are neither.
  var outline: [[(x: Double, y: Double)]] {
    Self.edges(cells) { ($0?.claim.side == 0) != ($1?.claim.side == 0) }
  }

  /// Lines along the sides of cells that part those two of them, or a cell from the outside; joined where they meet.
  private static func edges(
    _ cells: [PhaseCell], _ areParted: (DecayEstimate?, DecayEstimate?) -> Bool
  ) -> [[(x: Double, y: Double)]] {
    let known = Dictionary(uniqueKeysWithValues: cells.map { ([$0.column, $0.row], $0.estimate) })
    func estimate(_ x: Int, _ y: Int) -> DecayEstimate? { known[[x, y]] ?? nil }
    // Corners are counted: the cell (x, y) lies between (x, y) and (x + 1, y + 1).
    var sides: [([Int], [Int])] = []
    let (width, height) = ((cells.map(\.column).max() ?? 0) + 1, (cells.map(\.row).max() ?? 0) + 1)
    for x in 0...width {
      for y in 0...height {
        if y < height, areParted(estimate(x - 1, y), estimate(x, y)) { sides.append(([x, y], [x, y + 1])) }
        if x < width, areParted(estimate(x, y - 1), estimate(x, y)) { sides.append(([x, y], [x + 1, y])) }
      }
    }
    var lines: [[[Int]]] = []
    while let (a, b) = sides.popLast() {
      var line = [a, b]
      while let end = line.last, let k = sides.firstIndex(where: { $0.0 == end || $0.1 == end }) {
        let side = sides.remove(at: k)
        line.append(side.0 == end ? side.1 : side.0)
      }
      while let start = line.first, let k = sides.firstIndex(where: { $0.0 == start || $0.1 == start }) {
        let side = sides.remove(at: k)
        line.insert(side.0 == start ? side.1 : side.0, at: 0)
      }
      lines.append(line)
    }
    return lines.map { $0.map { (Double($0[0]) - 0.5, Double($0[1]) - 0.5) } }
  }
}
