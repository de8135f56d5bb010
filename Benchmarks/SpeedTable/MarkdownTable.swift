import Foundation

/// Rows of text under columns, as Markdown.
struct MarkdownTable {
  let columns: [String]
  var rows: [[String]] = []

  var lines: [String] {
    ([columns, columns.map { _ in "---" }] + rows).map { "| " + $0.joined(separator: " | ") + " |" }
  }
}

/// Three digits that count, or fixed decimals.
func number(_ value: Double, _ decimals: Int? = nil) -> String {
  let places = decimals ?? (value < 10 ? 2 : value < 100 ? 1 : 0)
  return String(format: "%.\(places)f", value)
}

/// The same of what may not exist.
func number(_ value: Double?, _ decimals: Int? = nil) -> String {
  value.map { number($0, decimals) } ?? "–"
}
