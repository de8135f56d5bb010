/// Where the key and the notes of a panel are: in the corners where they cover least, and not in the same one.
struct PanelTexts: Sendable {
  /// Beside the size of the letters on the axes, and the distance of lines in ems.
  static let size = 0.85, pitch = 1.29

  let keyCorner: PanelCorner?
  let notes: [String]
  let noteCorner: PanelCorner
  /// Of the notes: smaller where the panel has little room for them.
  let noteSize: Double

  init(_ panel: Panel, _ table: FigureTable, _ box: PlotLayout.Box) {
    let points = panel.places(table)
    func lines(_ size: Double) -> [String] {
      panel.notes.flatMap { Markup.lines($0, width: Canvas.letters(in: 0.94 * box.width, size: size)) }
    }
    let usual = lines(Self.size)
    let isTight = Double(usual.count) * Self.pitch > 0.3 * box.height
    (noteSize, notes) = isTight ? (0.65, lines(0.65)) : (Self.size, usual)
    func letters(_ texts: [String]) -> Double {
      0.5 * Self.size * Double(texts.map { Markup.unmarked($0).count }.max() ?? 0)
    }
    let rules = panel.rules.filter { $0.direction == .across }.map { panel.share(of: $0.value, panel.y) }
    func corner(_ lines: Int, width: Double, avoiding taken: PanelCorner?) -> PanelCorner {
      .emptiest(
        points, rules: rules, width: min(0.95, width / box.width),
        height: min(0.95, (Double(lines) * Self.pitch + 0.6) / box.height), avoiding: taken)
    }
    keyCorner = panel.key.map { key in
      corner(
        key.entries.count + 1, width: 4.5 + letters(key.entries.map(\.title) + [key.title]), avoiding: nil)
    }
    noteCorner =
      notes.isEmpty ? .lowerLeft : corner(notes.count, width: 1 + letters(notes), avoiding: keyCorner)
  }
}

extension Panel {
  /// Where a place of an axis is, from 0 to 1.
  func share(of value: Double, _ axis: PanelAxis) -> Double {
    (axis.place(value) - axis.low) / (axis.high - axis.low)
  }

  /// Points of everything that is drawn but maps, both coordinates from 0 to 1.
  func places(_ table: FigureTable) -> [(x: Double, y: Double)] {
    marks.flatMap { mark -> [(x: Double, y: Double)] in
      let raw: [(x: Double, y: Double)]
      switch (mark.form, mark.source) {
      case (.map, _), (.cells, _), (.bars, _): return []
      case (.band(let low, let high), .block(let block)):
        let xs = table.values(mark.x.column, of: block).map { mark.x($0) }
        raw = [low, high].flatMap { end in
          zip(xs, table.values(end, of: block)).map { (x: $0, y: mark.y($1)) }
        }
      case (_, .guide(let points)): raw = points
      case (_, .block(let block)):
        raw = zip(table.values(mark.x.column, of: block), table.values(mark.y.column, of: block)).map {
          (mark.x($0), mark.y($1))
        }
      }
      return Self.dense(raw.map { (share(of: $0.x, x), share(of: $0.y, y)) })
    }
  }

  /// Some of many points; of few, those between them too.
  private static func dense(_ points: [(x: Double, y: Double)]) -> [(x: Double, y: Double)] {
    guard points.count < 100 else { return points.spread(200) }
    return points
      + zip(points, points.dropFirst()).flatMap { a, b in
        (1..<10).map { k in
          let part = Double(k) / 10
          return (a.x + part * (b.x - a.x), a.y + part * (b.y - a.y))
        }
      }
  }
}
