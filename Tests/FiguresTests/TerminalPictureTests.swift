import Experiments
import Figures
import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("Pictures in a terminal") struct TerminalPictureTests {
  /// What a picture is built for here.
  private struct Sketch: Figure {
    let name = FigureName(rawValue: "sketch")
    let question = "What does it show?"
    func plot(of source: Int) throws -> Plot { Self.plot([]) }

    /// A plot of panels that add their data to it.
    static func plot(
      title: String = "A title", statement: String = "A statement.", legend: Legend = [],
      caption: [String] = ["a run"],
      warning: String? = nil, _ panels: [(inout Plot) -> Panel]
    ) -> Plot {
      var plot = Plot(
        Sketch(), columns: ["x", "y", "low", "high", "label"], title: title, statement: statement,
        caption: FigureCaption(parts: caption, warning: warning), legend: legend)
      for panel in panels {
        let drawn = panel(&plot)
        plot.panels.append(drawn)
      }
      return plot
    }
  }

  private static func rows(_ points: [(Double, Double)]) -> [[Field]] {
    points.map { [.number($0), .number($1), .number($1 - 1), .number($1 + 1), .text("v")] }
  }

  private static let unit = PanelAxis.numbers("y", from: 0, to: 10)

  /// A line and no more.
  private static func line(_ points: [(Double, Double)], y: PanelAxis = unit) -> (inout Plot) -> Panel {
    { plot in
      var panel = Panel("panel", x: .numbers("x", from: 0, to: 10), y: y)
      panel.line(plot.append(rows(points)), x: "x", y: "y", CurveStyle(.rnn))
      return panel
    }
  }

  private func lines(_ plot: Plot, _ columns: Int = 80, _ rows: Int = 24, _ style: TextStyle = .plain)
    -> [String]
  {
    TerminalPicture.lines(plot, columns: columns, rows: rows, styled: style)
  }

  /// The inside of the only panel: rows of characters, between the left axis and the lower one.
  private func inside(_ lines: [String]) -> [[Character]] {
    lines.compactMap { line in
      line.firstIndex { "│┤".contains($0) }.map { Array(line[line.index(after: $0)...]) }
    }
  }

  // MARK: - Size and bytes

  private static let sizes = [(80, 24), (60, 20), (100, 30), (200, 50), (20, 8), (33, 13), (7, 3), (1, 1)]

  @Test(arguments: 0..<40) func noLineIsLongerThanTheScreenIsWide(seed: Int) {
    var random = SeededGenerator(seed: UInt64(seed))
    let plot = Self.random(&random)
    for (columns, rows) in Self.sizes {
      for style in [TextStyle.plain, .indexed, .trueColor] {
        let drawn = lines(plot, columns, rows, style)
        #expect(drawn.count <= rows, "\(columns) × \(rows)")
        let texts = drawn.map { $0.replacing(/\u{1B}\[[0-9;]*m/, with: "") }
        #expect(texts.first { TextWidth.of($0) > columns } == nil, "\(columns) × \(rows)")
        #expect(
          texts.first { $0.unicodeScalars.contains { $0.properties.generalCategory == .control } } == nil)
        #expect(style != .plain || texts == drawn)
      }
    }
  }

  @Test func aNameCannotMoveTheCursor() {
    let plot = Sketch.plot(
      title: "\u{1B}[2Jgone", statement: "two\nlines\r", caption: ["run \u{9B}31m"],
      [Self.line([(0, 0), (10, 10)])])
    for line in lines(plot) {
      #expect(!line.unicodeScalars.contains { $0.value < 32 || (127..<160).contains($0.value) }, "\(line)")
    }
  }

  @Test func wideCharactersTakeTwoColumns() {
    let plot = Sketch.plot(title: String(repeating: "勾配", count: 30), [Self.line([(0, 0), (10, 10)])])
    let drawn = lines(plot, 61, 20)
    #expect(drawn[0].hasPrefix("勾配") && drawn[0].hasSuffix("…"))
    #expect(drawn.allSatisfy { TextWidth.of($0) <= 61 })
  }

  // MARK: - Places

  @Test(arguments: [(60, 20), (80, 24), (200, 50)]) func aLineIsWhereItsValuesAre(columns: Int, rows: Int) {
    let inside = inside(lines(Sketch.plot([Self.line([(0, 0), (10, 10)])]), columns, rows))
    let width = inside.map(\.count).max() ?? 0
    #expect(width > columns / 2 && inside.count > rows / 3)
    var seen = Set<Int>()
    for (row, characters) in inside.enumerated() {
      for (column, character) in characters.enumerated() where character != " " {
        seen.insert(column)
        let x = (Double(column) + 0.5) / Double(width), y = 1 - (Double(row) + 0.5) / Double(inside.count)
        #expect(abs(x - y) <= 0.5 / Double(width) + 0.5 / Double(inside.count) + 1e-9, "\(column), \(row)")
      }
    }
    #expect(seen == Set(0..<width))
  }

  @Test func zerosAndInfinitiesAreInRowsOfTheirOwn() throws {
    let values = [-Double.infinity, -3, 2, .infinity]
    let plot = Sketch.plot([
      { plot in
        var panel = Panel("panel", x: .numbers("x", from: 0, to: 10), y: .decades("y", values))
        panel.points(
          plot.append(Self.rows(values.enumerated().map { (1 + 2 * Double($0.offset), $0.element) })), x: "x",
          y: "y",
          CurveStyle(.rnn))
        return panel
      }
    ])
    let drawn = lines(plot).filter { $0.contains("●") }
    #expect(drawn.count == 4)
    let names = drawn.map { line in line.prefix { !"│┤".contains($0) }.filter { $0 != " " } }
    #expect(names.first == "∞" && names.last == "0", "\(names)")
    #expect(drawn[0].distance(of: "●") > drawn[3].distance(of: "●"))
  }

  @Test func whatHasNoValueBreaksALine() {
    let inside = inside(
      lines(Sketch.plot([Self.line([(0, 5), (4, 5), (5, .nan), (6, 5), (10, 5)])])))
    let row = inside.first { $0.contains { $0 != " " } } ?? []
    let gaps = row.indices.filter { row[$0] == " " }
    #expect(
      !gaps.isEmpty && gaps.allSatisfy { (0.38...0.62).contains(Double($0) / Double(row.count)) }, "\(gaps)")
  }

  @Test(arguments: [1e300, -1e300, 1e-300, .greatestFiniteMagnitude]) func noNumberIsTooLarge(value: Double) {
    let plot = Sketch.plot([Self.line([(0, 5), (3, value), (6, -value), (10, 5)])])
    #expect(lines(plot).count == 24)
  }

  @Test func aStepIsAPoint() {
    let plot = Sketch.plot([
      { plot in
        var panel = Panel("T = 1", x: .lag(1), y: Self.unit)
        panel.line(plot.append(Self.rows([(0, 5)])), x: "x", y: "y", CurveStyle(.rnn))
        return panel
      }
    ])
    #expect(lines(plot).count { $0.contains("●") } == 1)
  }

  @Test func aPanelWithoutMarksHasAxes() {
    let drawn = lines(Sketch.plot([{ _ in Panel("empty", x: .lag(10), y: Self.unit) }]))
    #expect(drawn.contains { $0.contains("└") } && drawn.contains { $0.contains("empty") })
    #expect(inside(drawn).allSatisfy { $0.allSatisfy { $0 == " " } })
    #expect(lines(Sketch.plot([])) == ["A title", "A statement.", "a run"])
  }

  // MARK: - Maps

  private static func map(_ values: [[Double]]) -> (inout Plot) -> Panel {
    { plot in
      var panel = Panel(
        "map", x: .counts("x", from: 0, to: values[0].count - 1),
        y: .counts("y", from: 0, to: values.count - 1))
      let rows = values.enumerated().flatMap { y, row in
        row.enumerated().map { x, value -> [Field] in [Field(x), Field(y), .number(value), .none, .none] }
      }
      panel.colors = ColorScale(.sequential, low: 0, high: 1, tics: [], label: "value")
      panel.map(plot.append(rows), x: "x", y: "y", value: "low")
      return panel
    }
  }

  @Test func aMapIsShadesWithoutColours() {
    let inside = inside(lines(Sketch.plot([Self.map([[0, 1], [0.5, .nan]])])))
    #expect(inside.last?.first == "·" && inside.last?.last == "█")
    #expect(inside.first?.first == "▒" && (inside.first?.count ?? 0) <= (inside.last?.count ?? 0) / 2 + 1)
  }

  @Test func aMapHasTheColoursOfItsValues() {
    let drawn = lines(Sketch.plot([Self.map([[0, 1], [0.5, .nan]])]), 80, 24, .trueColor)
    let text = drawn.joined()
    for color in ["68;1;84", "253;231;37", "33;144;141"] {
      #expect(text.contains(color), "\(color)")
    }
  }

  @Test(arguments: [TextStyle.plain, .trueColor]) func numbersOfCellsAreWhole(style: TextStyle) {
    let plot = Sketch.plot([
      { plot in
        var panel = Panel(
          "cells", x: .categories("x", ["a", "b", "c"], limit: 9), y: .categories("y", ["d", "e"], limit: 9))
        let rows = (0..<6).map { k -> [Field] in
          [Field(k % 3), Field(k / 3), .number(Double(k) - 2), .none, .text("−\(k).5")]
        }
        panel.colors = .diverging([-3, 3], label: "value")
        panel.marks = [
          Mark(form: .cells(value: "low", label: "label"), source: .block(plot.append(rows)!), style: .plain)
        ]
        panel.guide([(-0.5, 0.5), (2.5, 0.5)], .marker)
        panel.guide([(0.5, -0.5), (0.5, 1.5)], .border)
        return panel
      }
    ])
    for (columns, rows) in [(40, 14), (80, 24), (200, 50)] {
      let text = lines(plot, columns, rows, style).joined(separator: "\n")
      for k in 0..<6 { #expect(text.contains("−\(k).5"), "\(columns): \(k)") }
    }
  }

  // MARK: - What is told apart, and what is left out

  @Test func curvesHaveLettersWithoutColours() {
    let styles = [CurveStyle(.rnn), CurveStyle(.lstm)]
    let plot = Sketch.plot(
      legend: Legend.each(["rnn", "lstm"], styles),
      [
        { plot in
          var panel = Panel("panel", x: .numbers("x", from: 0, to: 10), y: Self.unit)
          panel.line(plot.append(Self.rows([(0, 1), (10, 2)])), x: "x", y: "y", styles[0])
          panel.line(plot.append(Self.rows([(0, 9), (10, 8)])), x: "x", y: "y", styles[1])
          return panel
        }
      ])
    let plain = lines(plot)
    #expect(plain.contains("a rnn   b lstm"))
    let inside = inside(plain)
    let half = inside.count / 2
    #expect(inside[..<half].contains { $0.contains("b") } && !inside[..<half].contains { $0.contains("a") })
    #expect(inside[half...].contains { $0.contains("a") } && !inside[half...].contains { $0.contains("b") })
    let colored = lines(plot, 80, 24, .trueColor).joined()
    #expect(colored.contains("38;2;0;114;178") && colored.contains("38;2;213;94;0"))
  }

  @Test func panelsWithoutRoomAreCounted() {
    let panels = (0..<9).map { k -> (inout Plot) -> Panel in
      { plot in
        var panel = Self.line([(0, 0), (10, 10)])(&plot)
        panel.title = "ρ = \(k)"
        return panel
      }
    }
    let small = lines(Sketch.plot(panels), 60, 20)
    #expect(small.contains { $0.contains(" of 9 panels shown") })
    // The first and the last are among them.
    #expect(small.contains { $0.contains("ρ = 0") } && small.contains { $0.contains("ρ = 8") })
    #expect(!lines(Sketch.plot(panels), 200, 50).contains { $0.contains("panels shown") })
  }

  @Test func notesAndLabelsStandWhereNothingIsCovered() {
    let note = "3 of 5 diverged"
    func drawn(_ points: [(Double, Double)]) -> [String] {
      lines(
        Sketch.plot([
          { plot in
            var panel = Self.line(points)(&plot)
            panel.notes = [note]
            panel.level(5, .limit, label: "half")
            return panel
          }
        ]))
    }
    for points in [
      [(0.0, 0.0), (10, 10)], [(0, 10), (10, 0)], (0...200).map { (Double($0) / 20, Double($0 % 2) * 10) },
    ] {
      let lines = drawn(points)
      #expect(lines.contains { $0.contains(note) }, "\(lines)")
      #expect(lines.contains { $0.contains("half") })
    }
  }

  // MARK: - Pictures by chance

  private static func random(_ random: inout SeededGenerator) -> Plot {
    let words = [
      "ρ = 1.5", "W_{hh}", "勾配 exploded", "10^{-3}", "a long name of a rule with all its parameters", "",
      "\u{1B}[31m",
      "e\u{301}", "👩‍👩‍👧",
    ]
    let cells: [CellKind] = [.rnn, .lstm, .gru]
    func axis(_ values: [Double], _ name: String, _ random: inout SeededGenerator) -> PanelAxis {
      switch random.next() % 5 {
      case 0: .decades(name, values)
      case 1: .positive(name, values.map(abs))
      case 2: .logarithmic(name, from: 0.1, to: 50)
      case 3: .numbers(name, values).withGaps("none")
      default: .numbers(name, from: -10, to: 10)
      }
    }
    let panels = (0..<Int(random.next() % 8)).map { _ -> (inout Plot) -> Panel in
      var own = random
      _ = random.next()
      return { plot in
        let special: [Double] = [.infinity, -.infinity, .nan]
        var points: [(Double, Double)] = []
        for k in 0..<Int(own.next() % 50) {
          let y = Double(own.next() % 4000) / 100 - 20
          points.append((Double(k), own.next() % 9 == 0 ? special[Int(own.next() % 3)] : y))
        }
        let word = { (random: inout SeededGenerator) in words[Int(random.next() % UInt64(words.count))] }
        var panel = Panel(
          word(&own), x: axis(points.map(\.0), word(&own), &own), y: axis(points.map(\.1), word(&own), &own))
        let block = plot.append(rows(points))
        let style = CurveStyle(cells[Int(own.next() % 3)])
        panel.line(block, x: "x", y: "y", band: ("low", "high"), style)
        panel.estimates(block, x: "x", y: "y", interval: ("low", "high"), style)
        panel.guide([(0, 0), (1e9, -1e9)], .reference)
        if own.next() % 2 == 0 {
          panel.colors = .sequential(points.map(\.1), label: word(&own))
          panel.map(block, x: "x", y: "y", value: "high")
        }
        panel.level(0, .zero, label: word(&own))
        panel.moment(3, .threshold, label: word(&own))
        panel.notes = [word(&own), word(&own)]
        panel.texts = [PlacedText(word(&own), x: 1, y: 1, .beside(isLeft: true, isUp: true), .blue)]
        if own.next() % 3 == 0 { panel.right = .numbers(word(&own), from: 0, to: 1) }
        if own.next() % 3 == 0 { panel.strip = [Panel("", x: panel.x, y: .share(word(&own)))] }
        if own.next() % 3 == 0 {
          panel.key = PanelKey(title: word(&own), entries: [LegendEntry(word(&own), .line, style)])
        }
        return panel
      }
    }
    return Sketch.plot(
      title: words[Int(random.next() % 9)], statement: words.joined(separator: " "),
      legend: Legend.each(words, cells.map { CurveStyle($0) }), caption: words,
      warning: random.next() % 2 == 0 ? "Note: read with care." : nil, panels)
  }
}

extension String {
  /// How many characters stand before the first such one.
  fileprivate func distance(of character: Character) -> Int {
    firstIndex(of: character).map { distance(from: startIndex, to: $0) } ?? 0
  }
}
