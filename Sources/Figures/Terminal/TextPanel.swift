import Foundation

/// The inside of a panel in characters: what lies between its axes.
struct TextPanel {
  let panel: Panel
  let table: FigureTable
  let signs: CurveSigns
  let x, y: TextAxis
  /// What is written, over what is drawn.
  var grid: TextGrid
  /// What is drawn.
  var canvas: BrailleCanvas
  /// For letters on curves: the characters that each curve passes, in its order.
  var ways: [(letter: Character, cells: [(column: Int, row: Int)])] = []
  /// Points, and texts at places.
  var points: [(character: Character, ink: TextInk, column: Int, row: Int)] = []
  var texts: [(text: StyledText, column: Int, row: Int)] = []

  init(_ panel: Panel, _ table: FigureTable, _ signs: CurveSigns, columns: Int, rows: Int) {
    (self.panel, self.table, self.signs) = (panel, table, signs)
    x = TextAxis(panel.x, count: columns, band: 3)
    y = TextAxis(panel.y, count: rows, band: 1)
    grid = TextGrid(columns: columns, rows: rows)
    canvas = BrailleCanvas(columns: columns, rows: rows)
    draw()
  }

  private mutating func draw() {
    if signs.style.hasColors, panel.ground != .white {
      let ink = TextInk(ground: TextColor(panel.ground.rawValue))
      for row in 0..<grid.rows { for column in 0..<grid.columns { paint(column, row, " ", ink) } }
    }
    for mark in panel.marks where isMap(mark) { addMap(mark) }
    for border in y.borders { level(y.position(border), dashes: [1, 3], .faint) }
    for border in x.borders { moment(x.position(border), dashes: [1, 3], .faint) }
    for rule in panel.rules { addRule(rule) }
    // White is for what lies below a line on paper.
    for mark in panel.marks where !isMap(mark) && mark.style.color != .white { add(mark) }
    for text in panel.texts { add(text) }
    merge()
  }

  private func isMap(_ mark: Mark) -> Bool {
    switch mark.form {
    case .map, .cells: true
    default: false
    }
  }

  // MARK: - Places

  /// Where a place is in dots from the upper left corner, given in characters from the lower left one.
  func dots(_ x: Double, _ y: Double) -> (x: Double, y: Double) {
    (2 * x, 4 * (Double(self.y.count) - y))
  }

  /// The character of a place in dots; nil beyond the edges.
  func cell(_ place: (x: Double, y: Double)) -> (column: Int, row: Int)? {
    guard place.x >= 0, place.y >= 0, place.x <= Double(canvas.width), place.y <= Double(canvas.height) else {
      return nil
    }
    return (min(grid.columns - 1, Int(place.x / 2)), min(grid.rows - 1, Int(place.y / 4)))
  }

  /// A column of a mark's rows, as they are drawn.
  private func values(_ coordinate: Coordinate, _ mark: Mark, isX: Bool) -> [Double] {
    switch mark.source {
    case .guide(let points): return points.map { isX ? $0.x : $0.y }
    case .block(let block):
      let all = table.values(coordinate.column, of: block)
      return drawn(all, mark).map { coordinate($0) }
    }
  }

  /// Of the rows of its block, those that a mark draws.
  func drawn<Value>(_ all: [Value], _ mark: Mark) -> [Value] {
    stride(from: mark.rows?.lowerBound ?? 0, to: mark.rows?.upperBound ?? all.count, by: max(1, mark.every))
      .map { all[$0] }
  }

  /// Its points in dots; nil where a number has no place. What is far outside stays so far that numbers can be counted.
  func places(_ mark: Mark, y other: Coordinate? = nil, x otherX: Coordinate? = nil)
    -> [(x: Double, y: Double)?]
  {
    zip(values(otherX ?? mark.x, mark, isX: true), values(other ?? mark.y, mark, isX: false)).map { a, b in
      guard let px = x.position(of: a), let py = y.position(of: b) else { return nil }
      return dots(min(max(px, -1e6), 1e6), min(max(py, -1e6), 1e6))
    }
  }

  /// Notes a text at a place of the marks.
  private mutating func add(_ text: PlacedText) {
    guard let across = x.position(of: text.x), let up = y.position(of: text.y),
      let cell = cell(dots(across, up))
    else { return }
    let label = StyledText(Markup.unmarked(text.text), signs.ink(CurveStyle(text.color, [], 0)))
    switch text.side {
    case .over: texts.append((label, cell.column - label.width / 2, cell.row))
    case .beside(let isLeft, let isUp):
      let (left, right) = (cell.column - 1 - label.width, cell.column + 2)
      let goesLeft = isLeft ? left >= 0 : right + label.width > grid.columns
      texts.append((label, goesLeft ? left : right, cell.row + (isUp ? -1 : 1)))
    }
  }

  // MARK: - Together

  /// Puts dots, points, letters and texts over the maps.
  private mutating func merge() {
    for row in 0..<grid.rows {
      for column in 0..<grid.columns {
        guard let (character, ink) = canvas.character(column, row) else { continue }
        let below = grid[column, row]
        var own = ink
        if below.character == "▀" || below.character == "▄" { own.ground = below.ink.color }
        if own.color == nil, let ground = own.ground ?? below.ink.ground {
          own.color = TextColor(ground.isDark ? "#ffffff" : "#000000")
        }
        grid.set(character, column, row, own)
      }
    }
    for point in points { grid.set(point.character, point.column, point.row, point.ink) }
    addLetters()
    for text in texts {
      let column = max(0, min(text.column, grid.columns - text.text.width))
      grid.write(text.text, column, max(0, min(text.row, grid.rows - 1)))
    }
  }

  /// Paints a piece of ground.
  mutating func paint(_ column: Int, _ row: Int, _ character: Character, _ ink: TextInk) {
    grid[column, row] = TextGrid.Cell(character: character, ink: ink)
  }

  /// Notes a text that stands over everything: the number of a cell is not crossed by a line.
  mutating func writeLabel(_ text: StyledText, _ column: Int, _ row: Int) {
    texts.append((text, column, row))
  }
}
