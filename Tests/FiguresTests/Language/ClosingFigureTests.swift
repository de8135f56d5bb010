import Experiments
import Figures
import Foundation
import GradientFlow
import Testing

@Suite("The figure of closing marks") struct ClosingFigureTests {
  private static let models = ["network", "5-gram"]

  private func drawing(_ all: [MadeUp.Marks], models: [String] = models) throws -> FigureDrawing {
    let findings = try MadeUp.findings(closing: MadeUp.closing(all, models: models))
    return try #require(try MadeUp.drawing(findings, .closing))
  }

  /// Both are right nearby, and only the network far away.
  private static let usual = [
    MadeUp.Marks(distance: 3, count: 50, missed: [2, 3]), .init(distance: 6, count: 40, missed: [4, 38]),
    .init(distance: 15, count: 30, missed: [3, 30]), .init(distance: 30, count: 4, missed: [0, 4]),
    .init(open: "“", close: "”", distance: 15, count: 20, missed: [10, 8]),
    .init(open: "[", close: "]", distance: 5, count: 19, missed: [0, 19]),
  ]

  @Test func holdsEveryClassWithItsInterval() throws {
    let found = rows(ofCSV: try drawing(Self.usual).table.csv)
    let classes = [
      ("round", 3, 4, 50, [2, 3]), ("round", 5, 9, 40, [4, 38]), ("round", 10, 19, 30, [3, 30]),
      ("round", 20, 39, 4, [0, 4]), ("quote", 10, 19, 20, [10, 8]), ("square", 5, 9, 19, [0, 19]),
    ]
    #expect(found.count == 2 * classes.count)
    for (mark, low, high, count, missed) in classes {
      for (model, missed) in zip(Self.models, missed) {
        let row = try #require(
          found.first { $0["mark"] == mark && $0["least_distance"] == "\(low)" && $0["model"] == model })
        let rate = SuccessRate(successes: missed, count: count)
        #expect(row["largest_distance"] == "\(high)" && row["marks"] == "\(count)")
        #expect(row["errors"] == "\(missed)")
        for (column, value) in [
          ("error_rate", rate.rate), ("ci95_low", rate.low), ("ci95_high", rate.high),
          ("distance", (Double(low) * Double(high)).squareRoot()),
        ] {
          #expect(try abs(#require(row[column].flatMap(Double.init)) - value) <= 1e-7 * value, "\(column)")
        }
      }
    }
  }

  @Test func saysWhoIsBetterWhere() throws {
    let plot = try drawing(Self.usual).plot
    #expect(
      plot.statement
        == "network / 5-gram miss 7.26 / 60.5 % of 124 round brackets, 50 / 40 % of 20 quotes. "
        + "network is better at distance 5 to 19 of round brackets")
    #expect(plot.panels.map(\.title) == ["round brackets (): 124", "quotes “”: 20"])
    let caption = plot.caption.parts
    #expect(caption.contains("not drawn: 4 marks at distances with fewer than 5"))
    #expect(caption.contains("too few to be drawn: square brackets, 19"))
    #expect(!caption.contains { $0.contains("curly") })
  }

  /// A claim rests on intervals that are apart: here one model is better near, the other one far away.
  @Test func eachModelMayBeBetterSomewhere() throws {
    let plot = try drawing([
      .init(distance: 1, count: 30, missed: [25, 2]), .init(distance: 2, count: 30, missed: [9, 6]),
      .init(distance: 3, count: 30, missed: [1, 20]), .init(distance: 30, count: 30, missed: [1, 20]),
    ]).plot
    #expect(
      plot.statement.hasSuffix(
        " of 120 round brackets. network is better at distance 3 to 4, 20 to 39 of round brackets; "
          + "5-gram is better at distance 1 of round brackets"))
  }

  @Test func noVerdictWhereIntervalsOverlap() throws {
    let plot = try drawing([.init(distance: 3, count: 20, missed: [6, 14])]).plot
    #expect(plot.statement.hasSuffix(". No model is better at any distance"))
    let (few, many) = (SuccessRate(successes: 6, count: 20), SuccessRate(successes: 14, count: 20))
    #expect(few.rate < many.rate && few.high > many.low)
  }

  @Test func onlyNeighboursAreJoined() throws {
    let plot = try drawing([
      .init(distance: 1, count: 30, missed: [0, 0]), .init(distance: 2, count: 30, missed: [0, 0]),
      .init(distance: 6, count: 30, missed: [0, 0]), .init(distance: 30, count: 30, missed: [0, 0]),
      .init(distance: 50, count: 30, missed: [0, 0]),
    ]).plot
    let lines = plot.panels[0].marks.filter { if case .line = $0.form { true } else { false } }
    #expect(lines.map(\.rows) == [0..<2, 3..<5, 0..<2, 3..<5])
  }

  @Test func theLastClassIsDrawnAsWideAsTheOthers() throws {
    let drawing = try drawing([
      .init(open: "{", close: "}", distance: 700, count: 10, missed: [1, 9]),
      .init(open: "{", close: "}", distance: 5000, count: 10, missed: [1, 9]),
    ])
    let places = rows(ofCSV: drawing.table.csv).compactMap { $0["distance"].flatMap(Double.init) }
    #expect(abs(places[1] - (1280.0 * 2559).squareRoot()) < 1e-3)
    let axis = drawing.plot.panels[0].x
    #expect(places.allSatisfy { (axis.low..<axis.high).contains(log10($0)) })
    #expect(drawing.plot.statement.contains("network is better at distance from 640"))
    #expect(drawing.plot.caption.parts.contains { $0.hasSuffix("from 1280 on at 1809") })
    // A brace is markup.
    #expect(drawing.script.contains("curly brackets \\{\\}: 20"))
  }

  @Test func oneModelIsComparedWithNone() throws {
    let plot = try drawing(
      [.init(distance: 1, count: 20, missed: [1]), .init(distance: 50, count: 20, missed: [10])],
      models: ["a_network"]
    ).plot
    #expect(
      plot.statement
        == "a\\_network misses 27.5 % of 40 round brackets (5 % at distance 1, 50 % at distance 40 to 79)")
    #expect(!plot.caption.parts.contains { $0.contains("better") || $0.contains("offset") })
  }

  /// By dashes and points, too.
  @Test func modelsAreToldApartInBlackAndWhite() throws {
    for count in [2, 7, 12] {
      let plot = try drawing(
        [.init(distance: 1, count: 20, missed: Array(repeating: 3, count: count))],
        models: (0..<count).map { "model \($0)" }
      ).plot
      let styles = plot.legend.map(\.style)
      #expect(Set(styles.map { "\($0.dashes) \($0.point)" }).count == count)
      #expect(count > 7 || Set(styles.map(\.color)).count == count)
      #expect(count <= 4 || plot.statement.contains(" (4 of \(count) models) miss "))
    }
  }

  @Test func withoutMarksThereIsNoFigure() throws {
    #expect(try MadeUp.omission(MadeUp.findings(), .closing) == "closing marks were not looked at")
    let few = MadeUp.closing([.init(distance: 3, count: 19, missed: [0, 0])], models: Self.models)
    #expect(
      try MadeUp.omission(MadeUp.findings(closing: few), .closing)
        == "the text has no kind of bracket or quote that closes 20 times")
    let none = MadeUp.closing([.init(distance: 3, count: 30, missed: [])], models: [])
    #expect(
      try MadeUp.omission(MadeUp.findings(closing: none), .closing) == "closing marks were not looked at")
  }
}
