/// A panel with its axes, names and notes, on its place on the screen.
struct TextFrame {
  let place: TextLayout.Place
  let panel: Panel
  private(set) var inside: TextPanel
  private(set) var strip: TextPanel?
  /// Notes above the inside.
  private(set) var above: [StyledText] = []
  /// Rows for them.
  private let reserved: Int
  /// Notes that found no place.
  private(set) var homeless: [StyledText] = []

  /// - Parameter reserved: rows above the inside for notes; as many in all panels of a row, whose axes stay level.
  init(_ plot: Plot, _ place: TextLayout.Place, _ signs: CurveSigns, reserved: Int = 0) {
    (self.place, panel, self.reserved) = (place, plot.panels[place.panel], reserved)
    let stripRows = panel.strip.isEmpty ? 0 : max(2, place.rows / 5)
    let rows = place.rows - reserved - (stripRows > 0 ? stripRows + 1 : 0)
    inside = TextPanel(panel, plot.table, signs, columns: place.columns, rows: max(1, rows))
    strip = panel.strip.first.map {
      TextPanel($0, plot.table, signs, columns: place.columns, rows: stripRows)
    }
    for block in Self.notes(panel, signs, width: place.columns) where !inside.placeAside(block) {
      if above.count + block.count <= reserved { above += block } else { homeless += block }
    }
  }

  /// The rows that its homeless notes would need above the inside; 0 where they would leave too little of it.
  var wanted: Int { inside.grid.rows - homeless.count >= 4 ? homeless.count : 0 }

  /// The panel's own legend, and its notes.
  private static func notes(_ panel: Panel, _ signs: CurveSigns, width: Int) -> [[StyledText]] {
    var blocks = (panel.notes + panel.strip.flatMap(\.notes)).map {
      StyledText.lines($0, width: width, .faint)
    }
    if let key = panel.key, !key.entries.isEmpty {
      let title = Markup.unmarked(key.title)
      blocks.insert(
        (title.isEmpty ? [] : [StyledText(title, .faint)]) + key.entries.map(signs.entry), at: 0)
    }
    return blocks.filter { !$0.isEmpty }
  }

  /// The title in two lines at most.
  static func title(_ panel: Panel, width: Int) -> [StyledText] {
    panel.title.isEmpty ? [] : StyledText.lines(panel.title, width: width).first(2, width: width)
  }

  mutating func place(_ label: String, of rule: Rule) -> Bool { inside.place(label, of: rule) }

  // MARK: - Drawing

  /// Puts it on the screen, of which the panels' part begins at a row.
  func draw(on grid: inout TextGrid, below first: Int) {
    let (left, right) = (place.left, place.left + place.columns)
    var row = first + place.top - place.above
    for line in Self.title(panel, width: place.columns) {
      grid.write(line, left, row, before: place.extent.upperBound)
      row += 1
    }
    if place.y.label {
      grid.write(
        StyledText("↑ " + Markup.unmarked(panel.y.label), .faint), place.extent.lowerBound, row,
        before: place.extent.upperBound)
    }
    if place.right.label, let axis = panel.right {
      let text = StyledText(Markup.unmarked(axis.label) + " ↑", .faint)
      grid.write(text, max(left, place.extent.upperBound - text.width), row)
    }
    row = first + place.top
    for (k, line) in above.enumerated() { grid.write(line, left, row + k, before: right) }
    row += reserved
    grid.paste(inside.grid, left, row)
    drawAxis(inside, on: &grid, row, names: place.y.tics)
    if let axis = panel.right { drawRight(axis, on: &grid, row) }
    row += inside.grid.rows
    if let strip {
      drawLine(strip.x, on: &grid, row, names: false)
      grid.write(
        StyledText(" " + Markup.unmarked(strip.panel.y.label) + " ", .faint), left + 1, row, before: right)
      row += 1
      grid.paste(strip.grid, left, row)
      drawAxis(strip, on: &grid, row, names: place.y.tics)
      row += strip.grid.rows
    }
    drawLine((strip ?? inside).x, on: &grid, row, names: place.x.tics)
    if place.x.label {
      let text = StyledText(Markup.unmarked(panel.x.label), .faint)
      grid.write(
        text, max(place.extent.lowerBound, left + (place.columns - text.width) / 2),
        row + (place.x.tics ? 2 : 1), before: place.extent.upperBound)
    }
  }

  private func drawAxis(_ panel: TextPanel, on grid: inout TextGrid, _ top: Int, names: Bool) {
    let bottom = top + panel.grid.rows - 1
    for row in top...bottom { grid.set("│", place.left - 1, row, .faint) }
    // The names of cells' rows are all needed.
    let gap = TextPanel.cells(panel.panel, panel.table) == nil ? 1 : 0
    for tic in panel.y.tics(isUp: true, gap: gap) {
      grid.set("┤", place.left - 1, bottom - tic.at, .faint)
      guard names else { continue }
      grid.write(tic.name, max(0, place.left - 1 - TextWidth.of(tic.name)), bottom - tic.at)
    }
  }

  private func drawRight(_ axis: PanelAxis, on grid: inout TextGrid, _ top: Int) {
    let column = place.left + place.columns
    let bottom = top + inside.grid.rows - 1
    for row in top...bottom { grid.set("│", column, row, .faint) }
    // It has the places of the left axis at the same heights.
    func same(_ place: Double) -> Double {
      panel.y.low + (place - axis.low) / (axis.high - axis.low) * (panel.y.high - panel.y.low)
    }
    var other = inside.y.axis
    other.tics = axis.tics.map { PanelAxis.Tic(place: same($0.place), name: $0.name) }
    let all = TextAxis(other, count: inside.y.count, band: 1).tics(isUp: true, gap: 1)
    let bands = Set(panel.y.bands.compactMap { inside.y.character($0.middle) })
    for tic in all where !bands.contains(tic.at) {
      grid.set("├", column, bottom - tic.at, .faint)
      if place.right.tics { grid.write(tic.name, column + 1, bottom - tic.at) }
    }
  }

  /// The line below the inside, with the names of the tics.
  private func drawLine(_ axis: TextAxis, on grid: inout TextGrid, _ row: Int, names: Bool) {
    grid.set("└", place.left - 1, row, .faint)
    for column in 0..<place.columns { grid.set("─", place.left + column, row, .faint) }
    if panel.right != nil { grid.set("┘", place.left + place.columns, row, .faint) }
    let gap = TextPanel.cells(panel, inside.table) == nil ? 2 : 1
    for tic in axis.tics(isUp: false, gap: gap) {
      grid.set("┬", place.left + tic.at, row, .faint)
      guard names else { continue }
      let width = TextWidth.of(tic.name)
      let column = place.left + tic.at - (width - 1) / 2
      grid.write(
        tic.name, max(place.extent.lowerBound, min(column, place.extent.upperBound - width)), row + 1)
    }
  }
}
