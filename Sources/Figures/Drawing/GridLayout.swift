/// Where the panels of a figure are: a grid below title and legend, above the caption. In pixels
/// from the lower left corner.
struct GridLayout: Sendable {
  static let width = 1400.0
  let rows, columns: Int
  /// The place of each panel, counted row by row; places may stay empty.
  private let slots: [Int]
  /// Kept free for title, subtitle, warning and legend; for axis labels and caption.
  private var top = 0.0, bottom = 0.0
  /// Kept free at the right, for a colour bar.
  private let right: Double
  private let left = 118.0
  private let gap: (x: Double, y: Double)
  let panelHeight: Double

  /// - Parameters:
  ///   - slots: the places of the panels, ascending.
  ///   - columns: how many places there are in a row; nil: as many as look well.
  ///   - rowGap: between rows of panels: for a title, and for more where each panel has its own tics.
  ///   - columnGap: likewise between columns; nil: where those at the left have tics alone.
  init(
    slots: some Sequence<Int>, columns: Int? = nil, right: Double = 30, panelHeight: Double? = nil,
    rowGap: Double = 44,
    columnGap: Double? = nil
  ) {
    let slots = Array(slots)
    let columns = columns ?? Self.columns(of: slots.count)
    rows = ((slots.last ?? 0) + columns) / columns
    (self.slots, self.columns, self.right) = (slots, columns, right)
    gap = (columnGap ?? (columns > 3 ? 36 : 26), rowGap)
    self.panelHeight = panelHeight ?? (rows == 1 ? 430 : 290)
  }

  /// The same between texts of these heights.
  func between(top: Double, bottom: Double) -> GridLayout {
    var layout = self
    (layout.top, layout.bottom) = (top, bottom)
    return layout
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

  /// The edges of panel `k` or a part of it, as fractions of the whole.
  func edges(_ k: Int, _ part: Part = .whole) -> (left: Double, right: Double, bottom: Double, top: Double) {
    let (row, column) = (slots[k] / columns, slots[k] % columns)
    let x = left + Double(column) * (panelWidth + gap.x)
    let y = height - top - Double(row) * (panelHeight + gap.y)
    var (bottom, top) = ((y - panelHeight) / height, y / height)
    let extent = top - bottom
    if part == .upper { bottom += 0.23 * extent }
    if part == .lower { top = bottom + 0.18 * extent }
    return (x / Self.width, (x + panelWidth) / Self.width, bottom, top)
  }
}
