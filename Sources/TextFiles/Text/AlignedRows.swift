/// Rows of cells as text, in columns as wide as their widest cell.
///
/// Where the lines would be longer than there is room, titles break between words, then cells do; what still does not
/// fit follows below, beside the first column again.
package enum AlignedRows {
  private static let gap = "  "

  /// - Parameters:
  ///   - rows: the titles, then the others.
  ///   - width: of a line, in characters; nil: as long as they are. A word is never broken.
  package static func text(_ rows: [[String]], indent: String = "  ", width: Int? = nil) -> String {
    let columns = (0..<(rows.map(\.count).max() ?? 0)).map { c in
      Column(cells: rows.map { c < $0.count ? $0[c] : "" })
    }
    return blocks(columns, room: width.map { $0 - indent.count }).map { block in
      lines(block).map { indent + $0 + "\n" }.joined()
    }.joined(separator: "\n")
  }

  /// A column and the width its cells are broken to.
  private struct Column {
    let cells: [[String]]
    var width: Int
    /// Of its widest cell without the title, not below the title's longest word.
    let body: Int
    /// Below this it is not narrowed: its longest word.
    var least: Int

    init(cells: [String]) {
      self.cells = cells.map(WrappedText.words)
      width = cells.map(\.count).max() ?? 0
      let title = self.cells.first?.map(\.count).max() ?? 0
      body = max(title, cells.dropFirst().map(\.count).max() ?? 0)
      least = self.cells.joined().map(\.count).max() ?? 0
    }

    func lines(_ row: Int) -> [String] { WrappedText.lines(cells[row], separator: " ", width: width) }
  }

  private static func length(_ widths: [Int]) -> Int { widths.reduce(0, +) + gap.count * (widths.count - 1) }

  /// The columns in groups that fit, each from the second on with the first column, narrowed as far as is needed. Where
  /// there are several, the first column stays whole if it leaves half of the room.
  private static func blocks(_ columns: [Column], room: Int?) -> [[Column]] {
    guard let room, length(columns.map(\.width)) > room, var first = columns.first else { return [columns] }
    if length(columns.map(\.least)) > room, first.body <= room / 2 { first.least = first.body }
    var blocks = [[first]]
    for column in columns.dropFirst() {
      let block = blocks[blocks.count - 1]
      if block.count == 1 || length(block.map(\.least) + [column.least]) <= room {
        blocks[blocks.count - 1].append(column)
      } else {
        blocks.append([first, column])
      }
    }
    return blocks.map { block in
      var block = block
      for bound in [\Column.body, \.least] {
        while length(block.map(\.width)) > room,
          let widest = block.indices.filter({ block[$0].width > block[$0][keyPath: bound] })
            .max(by: { block[$0].width < block[$1].width })
        { block[widest].width -= 1 }
      }
      return block
    }
  }

  /// A row takes as many lines as its cell with the most; titles are next to what they name.
  private static func lines(_ block: [Column]) -> [String] {
    let rows = block.first?.cells.indices.map { row in block.map { $0.lines(row) } } ?? []
    let widths = block.indices.map { c in rows.flatMap { $0[c] }.map(\.count).max() ?? 0 }
    return rows.enumerated().flatMap { row, cells in
      let height = cells.map(\.count).max() ?? 0
      return (0..<height).map { line in
        let parts = zip(cells, widths).map { cell, width in
          let k = row == 0 ? line - (height - cell.count) : line
          let text = cell.indices.contains(k) ? cell[k] : ""
          return text.padded(to: width)
        }
        return trimmed(parts.joined(separator: gap))
      }
    }
  }

  private static func trimmed(_ text: String) -> String {
    String(text.reversed().drop { $0 == " " }.reversed())
  }
}

extension String {
  /// Followed by spaces up to a width, in characters.
  package func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
