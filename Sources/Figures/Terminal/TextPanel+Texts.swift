extension TextPanel {
  /// Letters on curves, some way apart, those of different curves at different places.
  mutating func addLetters() {
    guard !ways.isEmpty else { return }
    var taken = Set(points.map { key(($0.column, $0.row)) })
    let pitch = max(3 * ways.count, min(30, grid.columns / 2))
    for (k, way) in ways.enumerated() {
      let first = pitch * (2 * k + 1) / (2 * ways.count)
      var isNamed = false
      for target in stride(from: first, to: grid.columns, by: max(1, pitch)) {
        guard let cell = way.cells.first(where: { $0.column == target && !taken.contains(key($0)) }) else {
          continue
        }
        grid.set(way.letter, cell.column, cell.row, .bold)
        taken.insert(key(cell))
        isNamed = true
      }
      if !isNamed,
        let cell = way.cells.dropFirst(way.cells.count / 2).first(where: { !taken.contains(key($0)) })
      {
        grid.set(way.letter, cell.column, cell.row, .bold)
        taken.insert(key(cell))
      }
    }
  }

  private func key(_ cell: (column: Int, row: Int)) -> Int { cell.row * grid.columns + cell.column }

  // MARK: - Texts that have no place of their own

  /// Writes lines at the left or right edge, near a corner, where they cover nothing.
  ///
  /// - Returns: false where there is no such place.
  mutating func placeAside(_ lines: [StyledText]) -> Bool {
    let width = lines.map(\.width).max() ?? 0
    guard width <= grid.columns, lines.count <= grid.rows else { return false }
    let rows = Array(0...grid.rows - lines.count)
    for (upper, lower) in zip(rows, rows.reversed()) {
      for corner in PanelCorner.allCases {
        let column = corner.isLeft ? 1 : grid.columns - width
        let row = corner.isLow ? lower : upper
        let around = max(0, column - 1)..<min(grid.columns, column + width + 1)
        guard grid.taken(columns: around, rows: row..<row + lines.count) == 0 else { continue }
        for (k, line) in lines.enumerated() {
          grid.write(line, corner.isLeft ? column : grid.columns - line.width, row + k)
        }
        return true
      }
    }
    return false
  }

  /// Writes the label of a rule beside it where it covers nothing.
  ///
  /// - Returns: false where there is no such place.
  mutating func place(_ label: String, of rule: Rule) -> Bool {
    let text = StyledText(Markup.unmarked(label), .faint)
    let places: [(column: Int, row: Int)]
    switch rule.direction {
    case .across:
      guard let level = y.character(panel.y.place(rule.value)) else { return false }
      let row = grid.rows - 1 - level
      let columns = Array(1...max(1, grid.columns - text.width - 1))
      // At an end, or anywhere along it.
      places = zip(columns, columns.reversed()).flatMap { ends in
        [row - 1, row + 1].flatMap { row in [ends.0, ends.1].map { ($0, row) } }
      }
    case .up:
      guard let column = x.character(panel.x.place(rule.value)) else { return false }
      let sides = (left: column - text.width - 1, right: column + 2)
      let columns =
        rule.beyond == nil ? [sides.left, sides.right] : [label == rule.label ? sides.left : sides.right]
      places = (0..<grid.rows).flatMap { row in columns.map { ($0, row) } }
    }
    for (column, row) in places where column >= 0 && column + text.width <= grid.columns {
      guard (0..<grid.rows).contains(row),
        grid.taken(columns: column..<column + text.width, rows: row..<row + 1) == 0
      else { continue }
      grid.write(text, column, row)
      return true
    }
    return false
  }
}
