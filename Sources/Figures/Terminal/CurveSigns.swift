/// How curves are told apart in a picture: by colours or, without them, by letters that stand on them.
struct CurveSigns: Sendable {
  let style: TextStyle
  /// The styles with an entry in a legend, in order, and the places of those that a mark has.
  private let named: [CurveStyle]
  private let used: [Int]

  init(_ plot: Plot, _ style: TextStyle) {
    self.style = style
    let panels = plot.panels.flatMap { [$0] + $0.strip }
    let named = (plot.legend + panels.flatMap { $0.key?.entries ?? [] }).map(\.style).distinct
    self.named = named
    used = panels.flatMap(\.marks).map(\.style).distinct.compactMap { Self.place($0, in: named) }.distinct
      .sorted()
  }

  /// The style that is meant: a curve may be thinner or less dashed than its entry.
  private static func place(_ style: CurveStyle, in named: [CurveStyle]) -> Int? {
    let likeness: [(CurveStyle) -> Bool] = [
      { $0 == style }, { $0.color == style.color && $0.point == style.point },
      { $0.color == style.color && $0.dashes == style.dashes }, { $0.color == style.color },
    ]
    return likeness.lazy.compactMap { named.firstIndex(where: $0) }.first
  }

  /// The letter of a style; nil with colours, of a style in no legend, and where there is nothing to tell apart.
  func letter(_ style: CurveStyle) -> Character? {
    let letters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
    guard !self.style.hasColors, used.count > 1, let place = Self.place(style, in: named),
      let letter = used.firstIndex(of: place), letter < letters.count
    else { return nil }
    return letters[letter]
  }

  /// Of a line or a point.
  func ink(_ style: CurveStyle) -> TextInk { self.style.hasColors ? TextInk(style.color) : .plain }

  /// Of what stands behind curves: areas, and lines over the whole panel.
  func faint(_ style: CurveStyle) -> TextInk {
    var ink = ink(style)
    ink.isFaint = self.style.hasColors
    return ink
  }

  /// A point: its letter, or its shape where another kind of points has the letter.
  func point(_ style: CurveStyle) -> Character {
    let isNamed = named.contains { $0.color == style.color && $0.point == style.point }
    return isNamed ? letter(style) ?? Self.glyph(style.point) : Self.glyph(style.point)
  }

  /// gnuplot's point types.
  private static func glyph(_ point: Int) -> Character {
    let glyphs: [Int: Character] = [
      1: "+", 2: "×", 3: "∗", 4: "□", 5: "■", 6: "○", 7: "●", 8: "△", 9: "▲", 10: "▽", 11: "▼", 12: "◇",
      13: "◆", 14: "⬠", 15: "◈",
    ]
    return glyphs[point] ?? "●"
  }

  /// Dashes in dots, from those in the thickness of a line.
  ///
  /// A curve that its colour tells apart is solid, where dashes would be long beside its detail.
  func dashes(_ style: CurveStyle) -> [Int] {
    if self.style.hasColors, style.point != 0 { return [] }
    return style.dashes.enumerated().map {
      max($0.offset % 2 == 0 ? 1 : 2, Int((Double($0.element) / 4).rounded()))
    }
  }

  /// An entry of a legend.
  func entry(_ entry: LegendEntry) -> StyledText {
    let dashes = dashes(entry.style)
    let line: Character = dashes.isEmpty ? "─" : dashes[0] == 1 ? "·" : "╌"
    let sample: String
    switch (entry.sample, letter(entry.style)) {
    case (.area, let letter?): sample = "▒\(letter)"
    case (_, let letter?): sample = String(letter)
    case (.line, nil): sample = "\(line)\(line)"
    case (.points, nil): sample = String(point(entry.style))
    case (.linePoints, nil): sample = "\(line)\(point(entry.style))\(line)"
    case (.area, nil): sample = "▒▒"
    }
    var text = StyledText(sample, entry.sample == .area ? faint(entry.style) : ink(entry.style))
    text.add(" " + Markup.unmarked(entry.title))
    return text
  }
}
