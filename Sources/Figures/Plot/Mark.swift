/// Something drawn in a panel from a block of the data.
package struct Mark: Sendable {
  /// Its shape.
  package enum Form: Sendable {
    /// Points joined by a line; one point alone is a point.
    case line
    case points
    case linePoints
    /// The area between two columns.
    case band(low: String, high: String)
    /// Bars from one column to another, beside `y` or, where they lie across, beside `x`.
    case bars(low: String, high: String, areAcross: Bool = false)
    /// Coloured rectangles, each around its x and y: `value` is the column of what the colours show.
    case map(value: String)
    /// The same, one apart in both directions, each with a text.
    case cells(value: String, label: String)
    /// A text at each point, on a ground of its own.
    case labels(column: String)
  }

  /// Where the numbers are.
  package enum Source: Sendable {
    case block(DataBlock)
    /// A line or points that are no data, for guidance.
    case guide([(x: Double, y: Double)])
  }

  package var form: Form
  package var source: Source
  /// The columns; of a guide they say nothing.
  package var x: Coordinate = "x"
  package var y: Coordinate = "y"
  package var style: CurveStyle
  /// Size of points beside their usual one.
  package var size = 1.0
  /// Only every so many of its points are marked.
  package var every = 1
  /// The rows that are drawn; nil: all.
  package var rows: Range<Int>?

  package init(
    form: Form, source: Source, x: Coordinate = "x", y: Coordinate = "y", style: CurveStyle, size: Double = 1,
    every: Int = 1, rows: Range<Int>? = nil
  ) {
    (self.form, self.source, self.x, self.y) = (form, source, x, y)
    (self.style, self.size, self.every, self.rows) = (style, size, every, rows)
  }
}

/// A column, shifted or stretched.
package struct Coordinate: Sendable, ExpressibleByStringLiteral {
  package let column: String
  package var times = 1.0
  package var plus = 0.0

  package init(_ column: String, times: Double = 1, plus: Double = 0) {
    (self.column, self.times, self.plus) = (column, times, plus)
  }

  package init(stringLiteral value: String) { self.init(value) }

  package func callAsFunction(_ value: Double) -> Double {
    times == 1 && plus == 0 ? value : value * times + plus
  }
}

extension Panel {
  /// Draws a curve, below it the area between two columns.
  ///
  /// - Parameter weak: the row from which on it is less certain, and is thin.
  package mutating func line(
    _ block: DataBlock?, x: Coordinate = "lag", y: Coordinate, band: (low: String, high: String)? = nil,
    from weak: Int? = nil, _ style: CurveStyle
  ) {
    guard let block else { return }
    if let band, block.rows > 1 {
      // Areas lie below all curves.
      let place = marks.firstIndex { if case .band = $0.form { false } else { true } } ?? marks.count
      marks.insert(
        Mark(form: .band(low: band.low, high: band.high), source: .block(block), x: x, style: style),
        at: place)
    }
    let isPoint = block.rows == 1
    if let weak, weak < block.rows, !isPoint {
      func add(_ rows: Range<Int>, _ style: CurveStyle) {
        marks.append(Mark(form: .line, source: .block(block), x: x, y: y, style: style, rows: rows))
      }
      // Both have the row where they meet.
      if weak > 0 { add(0..<weak + 1, style) }
      add(weak..<block.rows, style.weak)
      return
    }
    marks.append(
      Mark(
        form: isPoint ? .points : .line, source: .block(block), x: x, y: y,
        style: isPoint && style.point == 0 ? style.point(7) : style))
  }

  /// Draws points.
  package mutating func points(
    _ block: DataBlock?, x: Coordinate = "lag", y: Coordinate, _ style: CurveStyle, size: Double = 1,
    every: Int = 1
  ) {
    guard let block else { return }
    marks.append(
      Mark(form: .points, source: .block(block), x: x, y: y, style: style, size: size, every: every))
  }

  /// Draws points with the bars of their intervals, joined by lines.
  ///
  /// - Parameter runs: the rows that are joined; nil: all of them.
  package mutating func estimates(
    _ block: DataBlock?, x: Coordinate, y: Coordinate, interval: (low: String, high: String),
    runs: [Range<Int>]? = nil, _ style: CurveStyle, size: Double = 1
  ) {
    guard let block else { return }
    marks.append(
      Mark(
        form: .bars(low: interval.low, high: interval.high), source: .block(block), x: x, y: y, style: style))
    for run in runs ?? [0..<block.rows] where run.count > 1 {
      marks.append(Mark(form: .line, source: .block(block), x: x, y: y, style: style, rows: run))
    }
    points(block, x: x, y: y, style, size: size)
  }

  /// Draws a line that is no data.
  package mutating func guide(_ points: [(x: Double, y: Double)], _ pen: Pen) {
    if points.count > 1 { marks.append(Mark(form: .line, source: .guide(points), style: pen.style)) }
  }

  /// The same with a style of its own.
  package mutating func guide(_ points: [(x: Double, y: Double)], _ style: CurveStyle) {
    if points.count > 1 { marks.append(Mark(form: .line, source: .guide(points), style: style)) }
  }

  /// Fills the area between two columns.
  package mutating func area(
    _ block: DataBlock?, x: Coordinate = "lag", low: String, high: String, _ style: CurveStyle
  ) {
    guard let block, block.rows > 1 else { return }
    marks.append(Mark(form: .band(low: low, high: high), source: .block(block), x: x, style: style))
  }

  /// Draws bars from one column to another.
  package mutating func bars(
    _ block: DataBlock?, x: Coordinate, y: Coordinate, low: String, high: String, _ style: CurveStyle
  ) {
    guard let block else { return }
    marks.append(Mark(form: .bars(low: low, high: high), source: .block(block), x: x, y: y, style: style))
  }

  /// Marks places that are no data.
  package mutating func spots(_ points: [(x: Double, y: Double)], _ style: CurveStyle, size: Double = 1) {
    if !points.isEmpty { marks.append(Mark(form: .points, source: .guide(points), style: style, size: size)) }
  }

  /// Draws a map.
  package mutating func map(_ block: DataBlock?, x: Coordinate, y: Coordinate, value: String) {
    guard let block else { return }
    marks.append(
      Mark(form: .map(value: value), source: .block(block), x: x, y: y, style: .plain))
  }
}
