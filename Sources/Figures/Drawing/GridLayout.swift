/// Where the panels of a figure are: a grid below title and legend, above the caption. In pixels
/// from the lower left corner.
struct GridLayout: Sendable {
  static let width = 1400.0
  let rows, columns: Int
  /// The place of each panel, counted row by row; places may stay empty.
  private let slots: [Int]
  /// Kept free for title, subtitle, warning and legend; for axis labels and caption.
  let top, bottom: Double
  /// Kept free at the right, for a colour bar.
  let right: Double
  private let left = 118.0
  private let gap: (x: Double, y: Double)
  let panelHeight: Double

  /// - Parameters:
  ///   - slots: the places of the panels, ascending.
  ///   - rowGap: between rows of panels: for a title, and for more where each panel has its own tics.
  ///   - columnGap: likewise between columns; nil: where those at the left have tics alone.
  init(
    slots: [Int], columns: Int, top: Double, bottom: Double, right: Double = 30,
    panelHeight: Double? = nil, rowGap: Double = 44, columnGap: Double? = nil
  ) {
    rows = ((slots.last ?? 0) + columns) / columns
    (self.slots, self.columns) = (slots, columns)
    gap = (columnGap ?? (columns > 3 ? 36 : 26), rowGap)
    (self.top, self.bottom, self.right) = (top, bottom, right)
    self.panelHeight = panelHeight ?? (rows == 1 ? 430 : 290)
  }

  /// How many panels are side by side if all are of one kind.
  static func columns(of count: Int) -> Int {
    switch count {
    case ...1: 1
    case 2, 4: 2
    default: 3
    }
  }

  /// How many panels there are.
  var count: Int { slots.count }

  /// Of the whole figure.
  var height: Double { top + bottom + Double(rows) * panelHeight + Double(rows - 1) * gap.y }

  /// Of a panel.
  var panelWidth: Double {
    (Self.width - left - right - Double(columns - 1) * gap.x) / Double(columns)
  }

  /// Whether panel `k` is the first of its row, the last of its row, and the last of its column.
  func isFirstInRow(_ k: Int) -> Bool { slots[k] % columns == 0 }
  func isLastInRow(_ k: Int) -> Bool {
    k + 1 == count || slots[k + 1] / columns != slots[k] / columns
  }
  func isLastInColumn(_ k: Int) -> Bool {
    !slots[k...].dropFirst().contains { $0 % columns == slots[k] % columns }
  }

  /// A panel, or one of two parts of it that share an x axis.
  enum Part: Sendable {
    case whole, upper
    /// A strip below ``upper``.
    case lower
  }

  /// The edges of a part of panel `k`, as fractions of the whole.
  func edges(_ k: Int, _ part: Part) -> (left: Double, right: Double, bottom: Double, top: Double) {
    var edges = edges(k)
    let height = edges.top - edges.bottom
    if part == .upper { edges.bottom += 0.23 * height }
    if part == .lower { edges.top = edges.bottom + 0.18 * height }
    return edges
  }

  /// The edges of panel `k`, as fractions of the whole.
  func edges(_ k: Int) -> (left: Double, right: Double, bottom: Double, top: Double) {
    let (row, column) = (slots[k] / columns, slots[k] % columns)
    let x = left + Double(column) * (panelWidth + gap.x)
    let y = height - top - Double(row) * (panelHeight + gap.y)
    return (
      x / Self.width, (x + panelWidth) / Self.width, (y - panelHeight) / height, y / height
    )
  }
}
