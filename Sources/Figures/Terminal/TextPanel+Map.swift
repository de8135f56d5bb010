import Experiments
import TextFiles

extension TextPanel {
  /// Paints a map, or cells with their numbers.
  mutating func addMap(_ mark: Mark) {
    guard case .block(let block) = mark.source, let scale = panel.colors else { return }
    let colors = MapColors(scale: scale, style: signs.style)
    let xs = table.values(mark.x.column, of: block).map { mark.x($0) }
    let ys = table.values(mark.y.column, of: block).map { mark.y($0) }
    switch mark.form {
    case .map(let value): addImage(xs, ys, table.values(value, of: block), colors)
    case .cells(let value, let label):
      let labels = table.fields(label, of: block).map(Self.label)
      for (k, value) in table.values(value, of: block).enumerated() {
        addCell(xs[k], ys[k], value, labels[k], colors)
      }
    default: return
    }
  }

  // MARK: - Maps

  /// A map of a value at each pair of x and y: two pixels a character one above the other, or one shade.
  private mutating func addImage(_ xs: [Double], _ ys: [Double], _ values: [Double], _ colors: MapColors) {
    let across = MapSide(xs, x), up = MapSide(ys, y)
    var found: [Int: Double] = [:]
    for (k, value) in values.enumerated() {
      guard let column = across.index[xs[k]], let row = up.index[ys[k]] else { continue }
      found[row * across.count + column] = value
    }
    func value(_ column: Double, _ row: Double) -> Double? {
      guard let c = across.nearest(column), let r = up.nearest(row) else { return nil }
      return found[r * across.count + c]
    }
    let rows = Double(grid.rows)
    for row in 0..<grid.rows {
      for column in 0..<grid.columns {
        let place = Double(column) + 0.5
        guard colors.style.hasColors else {
          if let value = value(place, rows - Double(row) - 0.5) {
            paint(column, row, colors.shade(value), .plain)
          }
          continue
        }
        let upper = value(place, rows - Double(row) - 0.25).flatMap(colors.color)
        let lower = value(place, rows - Double(row) - 0.75).flatMap(colors.color)
        switch (upper, lower) {
        case (nil, nil): continue
        case (nil, let lower?): paint(column, row, "▄", TextInk(color: lower))
        case (let upper?, let lower): paint(column, row, "▀", TextInk(color: upper, ground: lower))
        }
      }
    }
  }

  // MARK: - Cells

  private mutating func addCell(
    _ x: Double, _ y: Double, _ value: Double, _ label: String, _ colors: MapColors
  ) {
    func ends(_ axis: TextAxis, _ value: Double) -> (low: Int, high: Int)? {
      guard let low = axis.position(value - 0.5), let high = axis.position(value + 0.5) else { return nil }
      func edge(_ position: Double) -> Int { Int(min(max(position, 0), Double(axis.count)).rounded()) }
      return (edge(low), edge(high))
    }
    guard let across = ends(self.x, x), let up = ends(self.y, y), across.low < across.high, up.low < up.high
    else { return }
    let (top, bottom) = (grid.rows - up.high, grid.rows - up.low - 1)
    if colors.style.hasColors {
      let ink = TextInk(ground: colors.color(value) ?? MapColors.missing)
      for row in top...bottom {
        for column in across.low..<across.high { paint(column, row, " ", ink) }
      }
    }
    // A number that touched its neighbour would be another one.
    let room = across.high - across.low - 1
    let text = TextWidth.of(label) <= room ? label : colors.style.hasColors ? "" : String(colors.shade(value))
    writeLabel(
      StyledText(text, colors.style.hasColors ? TextInk(color: colors.letters(on: value)) : .plain),
      across.low + (across.high - across.low - TextWidth.of(text)) / 2, (top + bottom) / 2)
  }

  /// How many cells a panel has across and up, and the columns and rows that their numbers need; nil without cells.
  static func cells(
    _ panel: Panel, _ table: FigureTable
  ) -> (across: Int, up: Int, columns: Int, rows: Int)? {
    panel.marks.lazy.compactMap { mark in
      guard case .cells(_, let label) = mark.form, case .block(let block) = mark.source else { return nil }
      let widest = table.fields(label, of: block).map { TextWidth.of(Self.label($0)) }.max() ?? 1
      let across = Int((panel.x.high - panel.x.low).rounded())
      let up = Int((panel.y.high - panel.y.low).rounded())
      return (across, up, across * (widest + 1), up)
    }.first
  }

  private static func label(_ field: Field) -> String {
    switch field {
    case .text(let text): Markup.unmarked(text)
    case .number(let number): number.isNaN ? "" : Brief.number(number)
    }
  }
}

/// The places of a map along one axis, and how far each reaches: half way to the next.
private struct MapSide {
  let index: [Double: Int]
  private let places: [Double]
  private let reach: (first: Double, last: Double)
  var count: Int { places.count }

  init(_ values: [Double], _ axis: TextAxis) {
    let sorted = values.filter { axis.position(of: $0) != nil }.distinct.sorted()
    index = Dictionary(uniqueKeysWithValues: sorted.enumerated().map { ($1, $0) })
    places = sorted.compactMap { axis.position(of: $0) }
    // One value is as wide as 1.
    func width(_ a: Double, _ b: Double) -> Double { (b - a) / 2 }
    if let first = sorted.first, places.count == 1 {
      let half = ((axis.position(of: first + 0.5) ?? 0) - places[0]).magnitude
      reach = (half, half)
    } else if places.count > 1 {
      reach = (
        width(places[0], places[1]), width(places[places.count - 2], places[places.count - 1])
      )
    } else {
      reach = (0, 0)
    }
  }

  /// The place that a position in characters belongs to.
  func nearest(_ position: Double) -> Int? {
    guard let first = places.first, let last = places.last, position >= first - reach.first,
      position <= last + reach.last
    else { return nil }
    var (low, high) = (0, places.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if places[middle] <= position { low = middle } else { high = middle }
    }
    return position - places[low] < places[high] - position ? low : high
  }
}
