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

  init(count: Int, top: Double, bottom: Double, right: Double = 30, panelHeight: Double? = nil) {
    self.init(
      slots: Array(0..<count), columns: Self.columns(of: count), top: top, bottom: bottom,
      right: right, panelHeight: panelHeight)
  }

  /// - Parameter slots: the places of the panels, ascending.
  init(
    slots: [Int], columns: Int, top: Double, bottom: Double, right: Double = 30,
    panelHeight: Double? = nil
  ) {
    rows = ((slots.last ?? 0) + columns) / columns
    (self.slots, self.columns) = (slots, columns)
    gap = (columns > 3 ? 36 : 26, 44)
    (self.top, self.bottom, self.right) = (top, bottom, right)
    self.panelHeight = panelHeight ?? (rows == 1 ? 430 : 290)
  }

  /// How many panels stand side by side where all are of one kind.
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
