/// Where the panels of a figure are: a grid below title and legend, above the caption. In pixels
/// from the lower left corner.
struct GridLayout: Sendable {
  static let width = 1400.0
  let rows, columns: Int
  /// How many panels there are; the last row may be short.
  let count: Int
  /// Kept free for title, subtitle, warning and legend; for axis labels and caption.
  let top, bottom: Double
  /// Kept free at the right, for a colour bar.
  let right: Double
  private let left = 118.0
  private let gap = (x: 26.0, y: 44.0)
  private let panelHeight: Double

  init(count: Int, top: Double, bottom: Double, right: Double = 30, panelHeight: Double? = nil) {
    let columns =
      switch count {
      case ...1: 1
      case 2, 4: 2
      default: 3
      }
    rows = max(1, (count + columns - 1) / columns)
    (self.columns, self.count) = (columns, count)
    (self.top, self.bottom, self.right) = (top, bottom, right)
    self.panelHeight = panelHeight ?? (rows == 1 ? 430 : 290)
  }

  /// Of the whole figure.
  var height: Double { top + bottom + Double(rows) * panelHeight + Double(rows - 1) * gap.y }

  /// Of a panel.
  var panelWidth: Double {
    (Self.width - left - right - Double(columns - 1) * gap.x) / Double(columns)
  }

  /// Whether panel `k` is the first of its row, and the last of its column.
  func isFirstInRow(_ k: Int) -> Bool { k % columns == 0 }
  func isLastInColumn(_ k: Int) -> Bool { k + columns >= count }

  /// The edges of panel `k`, as fractions of the whole.
  func edges(_ k: Int) -> (left: Double, right: Double, bottom: Double, top: Double) {
    let (row, column) = (k / columns, k % columns)
    let x = left + Double(column) * (panelWidth + gap.x)
    let y = height - top - Double(row) * (panelHeight + gap.y)
    return (
      x / Self.width, (x + panelWidth) / Self.width, (y - panelHeight) / height, y / height
    )
  }
}
