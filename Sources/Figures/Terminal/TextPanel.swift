import Foundation

/// The inside of a panel in characters: what lies between its axes.
struct TextPanel {
  let panel: Panel
  let table: FigureTable
  let signs: CurveSigns
  let x, y: TextAxis
  /// What is written, over what is drawn.
  private(set) var grid: TextGrid
  /// What is drawn.
  var canvas: BrailleCanvas
  /// For letters on curves: the characters that each curve passes, in its order.
  private var ways: [(letter: Character, cells: [(column: Int, row: Int)])] = []
  /// Points, and texts at places.
  private var points: [(character: Character, ink: TextInk, column: Int, row: Int)] = []
  private var texts: [(text: StyledText, column: Int, row: Int)] = []

  init(_ panel: Panel, _ table: FigureTable, _ signs: CurveSigns, columns: Int, rows: Int) {
    (self.panel, self.table, self.signs) = (panel, table, signs)
    x = TextAxis(panel.x, count: columns, band: 3)
    y = TextAxis(panel.y, count: rows, band: 1)
    grid = TextGrid(columns: columns, rows: rows)
    canvas = BrailleCanvas(columns: columns, rows: rows)
    draw()
  }

  private mutating func draw() {
    for mark in panel.marks where isMap(mark) { addMap(mark) }
    for border in y.borders { level(y.position(border), dashes: [1, 3], .faint) }
    for border in x.borders { moment(x.position(border), dashes: [1, 3], .faint) }
    for rule in panel.rules { addRule(rule) }
    // White is for what lies below a line on paper.
    for mark in panel.marks where !isMap(mark) && mark.style.color != .white { add(mark) }
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
  private func dots(_ x: Double, _ y: Double) -> (x: Double, y: Double) {
    (2 * x, 4 * (Double(self.y.count) - y))
  }

  /// The character of a place in dots; nil beyond the edges.
  private func cell(_ place: (x: Double, y: Double)) -> (column: Int, row: Int)? {
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
      return stride(from: mark.rows?.lowerBound ?? 0, to: mark.rows?.upperBound ?? all.count, by: mark.every)
        .map { coordinate(all[$0]) }
    }
  }

  /// Its points in dots; nil where a number has no place.
  private func places(_ mark: Mark, y other: Coordinate? = nil, x otherX: Coordinate? = nil)
    -> [(x: Double, y: Double)?]
  {
    zip(values(otherX ?? mark.x, mark, isX: true), values(other ?? mark.y, mark, isX: false)).map { a, b in
      guard let px = x.position(of: a), let py = y.position(of: b) else { return nil }
      return dots(px, py)
    }
  }

  // MARK: - Marks

  private mutating func add(_ mark: Mark) {
    let ink = signs.ink(mark.style)
    switch mark.form {
    case .line: addLine(mark)
    case .points: addPoints(mark)
    case .linePoints:
      addLine(mark)
      addPoints(mark)
    case .band(let low, let high):
      let (low, high) = (coordinate(low, mark.y), coordinate(high, mark.y))
      addArea(places(mark, y: low), places(mark, y: high), ink)
    case .bars(let low, let high, let areAcross):
      let own = areAcross ? mark.x : mark.y
      let (low, high) = (coordinate(low, own), coordinate(high, own))
      let ends =
        areAcross
        ? zip(places(mark, x: low), places(mark, x: high)) : zip(places(mark, y: low), places(mark, y: high))
      var length = 0.0
      for (start, end) in ends {
        if let start, let end { canvas.line(start, end, length: &length, ink, .curve) }
      }
    case .labels(let column):
      guard case .block(let block) = mark.source else { return }
      for (place, field) in zip(places(mark), table.fields(column, of: block)) {
        guard let cell = place.flatMap(cell), case .text(let text) = field else { continue }
        let label = Markup.unmarked(text)
        texts.append((StyledText(label, ink), cell.column - TextWidth.of(label) / 2, cell.row))
      }
    case .map, .cells: return
    }
  }

  private func coordinate(_ column: String, _ other: Coordinate) -> Coordinate {
    Coordinate(column, times: other.times, plus: other.plus)
  }

  private mutating func addLine(_ mark: Mark) {
    let (dashes, ink) = (signs.dashes(mark.style), signs.ink(mark.style))
    let points = places(mark)
    let isGuide = if case .guide = mark.source { true } else { false }
    var (length, way): (Double, [(column: Int, row: Int)]) = (0, [])
    for (start, end) in zip(points, points.dropFirst()) {
      guard let start, let end else { continue }
      let passed = canvas.line(
        start, end, dashes: dashes, length: &length, ink, isGuide && mark.style.width < 2 ? .rule : .curve)
      for dot in passed where way.last.map({ $0 != (dot.x / 2, dot.y / 4) }) ?? true {
        way.append((dot.x / 2, dot.y / 4))
      }
    }
    // A point between two gaps.
    for (k, point) in points.enumerated() {
      let isAlone = (k == 0 || points[k - 1] == nil) && (k + 1 == points.count || points[k + 1] == nil)
      if isAlone, let cell = point.flatMap(cell) {
        self.points.append((signs.point(mark.style), ink, cell.column, cell.row))
      }
    }
    if let letter = signs.letter(mark.style), !way.isEmpty { ways.append((letter, way)) }
  }

  private mutating func addPoints(_ mark: Mark) {
    let ink = signs.ink(mark.style)
    let cells = places(mark).compactMap { place in place.map { ($0, cell($0)) } }
    // Many small points are dots: signs would cover one another.
    let areDots =
      mark.style.point == 0 || mark.size < 0.5 || cells.count > max(40, grid.columns * grid.rows / 6)
    for (place, cell) in cells {
      guard let cell else { continue }
      if areDots {
        canvas.dot(
          min(canvas.width - 1, Int(place.x)), min(canvas.height - 1, Int(place.y)), ink, .curve)
      } else {
        points.append((signs.point(mark.style), ink, cell.column, cell.row))
      }
    }
  }

  /// Dots between two lines, one a character.
  private mutating func addArea(
    _ low: [(x: Double, y: Double)?], _ high: [(x: Double, y: Double)?], _ ink: TextInk
  ) {
    let edges = zip(low, high).compactMap { a, b in
      a.flatMap { a in b.map { (x: a.x, low: a.y, high: $0.y) } }
    }
    for (a, b) in zip(edges, edges.dropFirst()) where b.x > a.x {
      for column in max(0, Int(a.x / 2))...max(0, min(canvas.columns - 1, Int(b.x / 2))) {
        let middle = Double(2 * column) + 1
        guard a.x <= middle, middle < b.x else { continue }
        let share = (middle - a.x) / (b.x - a.x)
        let ends = [a.low + share * (b.low - a.low), a.high + share * (b.high - a.high)].map {
          min(max($0, 0), Double(canvas.height))
        }
        guard let top = ends.min(), let bottom = ends.max() else { continue }
        for y in Int(top)...Int(bottom) where y % 4 == 1 { canvas.dot(2 * column, y, ink, .area) }
      }
    }
  }

  // MARK: - Rules

  private mutating func addRule(_ rule: Rule) {
    let style = rule.pen.style
    // All of them are dotted, so that none is taken for a curve.
    let dashes = style.dashes.isEmpty ? [1, 1] : signs.dashes(style)
    switch rule.direction {
    case .across: level(y.position(of: rule.value), dashes: dashes, signs.ink(style))
    case .up: moment(x.position(of: rule.value), dashes: dashes, signs.ink(style))
    }
  }

  private mutating func level(_ y: Double?, dashes: [Int], _ ink: TextInk) {
    guard let y, (0...Double(self.y.count)).contains(y) else { return }
    var length = 0.0
    canvas.line(dots(0, y), dots(Double(x.count), y), dashes: dashes, length: &length, ink, .rule)
  }

  private mutating func moment(_ x: Double?, dashes: [Int], _ ink: TextInk) {
    guard let x, (0...Double(self.x.count)).contains(x) else { return }
    var length = 0.0
    canvas.line(dots(x, 0), dots(x, Double(y.count)), dashes: dashes, length: &length, ink, .rule)
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
    for text in texts where text.column + text.text.width > 0 {
      let column = max(0, min(text.column, grid.columns - text.text.width))
      grid.write(text.text, column, text.row)
    }
  }

  /// Letters on curves, some way apart, those of different curves at different places.
  private mutating func addLetters() {
    guard !ways.isEmpty else { return }
    var taken = Set<Int>()
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

  /// Paints a piece of ground.
  mutating func paint(_ column: Int, _ row: Int, _ character: Character, _ ink: TextInk) {
    grid[column, row] = TextGrid.Cell(character: character, ink: ink)
  }

  /// Notes a text that stands over everything: the number of a cell is not crossed by a line.
  mutating func writeLabel(_ text: StyledText, _ column: Int, _ row: Int) {
    texts.append((text, column, row))
  }

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
      places = (0..<grid.rows).flatMap { row in
        [column - text.width - 1, column + 2].map { ($0, row) }
      }
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
