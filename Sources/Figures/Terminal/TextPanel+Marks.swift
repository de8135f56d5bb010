extension TextPanel {
  /// Draws a line, points, a band, bars or texts.
  mutating func add(_ mark: Mark) {
    let ink = signs.ink(mark.style)
    switch mark.form {
    case .line: addLine(mark)
    case .points: addPoints(mark)
    case .linePoints:
      addLine(mark)
      addPoints(mark)
    case .band(let low, let high):
      let (low, high) = (coordinate(low, mark.y), coordinate(high, mark.y))
      addArea(places(mark, y: low), places(mark, y: high), signs.faint(mark.style))
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
      for (place, field) in zip(places(mark), drawn(table.fields(column, of: block), mark)) {
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
    // Many points are dots: signs would cover one another. Letters are needed as long as they can be read.
    let limit = grid.columns * grid.rows / (signs.letter(mark.style) == nil ? 6 : 1)
    let areDots = mark.style.point == 0 || mark.size < 0.5 || cells.count > max(40, limit)
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
      for column in 0..<canvas.columns {
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

  mutating func addRule(_ rule: Rule) {
    let style = rule.pen.style
    // All of them are dotted, so that none is taken for a curve.
    let dashes = style.dashes.isEmpty ? [1, 1] : signs.dashes(style)
    // Over a map it has to be seen.
    let ink = rule.pen == .marker ? signs.ink(style) : signs.faint(style)
    switch rule.direction {
    case .across: level(y.position(of: rule.value), dashes: dashes, ink)
    case .up: moment(x.position(of: rule.value), dashes: dashes, ink)
    }
  }

  mutating func level(_ y: Double?, dashes: [Int], _ ink: TextInk) {
    guard let y, (0...Double(self.y.count)).contains(y) else { return }
    var length = 0.0
    canvas.line(dots(0, y), dots(Double(x.count), y), dashes: dashes, length: &length, ink, .rule)
  }

  mutating func moment(_ x: Double?, dashes: [Int], _ ink: TextInk) {
    guard let x, (0...Double(self.x.count)).contains(x) else { return }
    var length = 0.0
    canvas.line(dots(x, 0), dots(x, Double(y.count)), dashes: dashes, length: &length, ink, .rule)
  }
}
