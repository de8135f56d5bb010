import Experiments
import Figures
import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("Figures of a language model in gnuplot") struct LanguageRenderingTests {
  /// Four kinds of marks, three layers, and names that are markup.
  private static func findings(_ cell: CellKind = .lstm) throws -> LanguageFindings {
    let kinds = [("(", ")"), ("[", "]"), ("{", "}"), ("“", "”")]
    let marks = kinds.flatMap { open, close in
      [1, 2, 4, 8, 30, 100, 900].enumerated().map { k, distance in
        MadeUp.Marks(
          open: open, close: close, distance: distance, count: 20 - 2 * k,
          missed: [k, min(20 - 2 * k, 3 * k), 1])
      }
    }
    return try MadeUp.findings(
      MadeUp.report(cell, layers: 3, hidden: 20) { unit, _ in
        let shut = Double(unit.unit) / 19
        return (shut, (1 - shut) * Double(unit.group.layer) / 2)
      }, closing: MadeUp.closing(marks, models: ["it's {a} network_1", "5-gram", "10^3 words"]),
      model: "it's {one}_2")
  }

  /// Renders all figures; every image is there and gnuplot warned of nothing.
  private func render(
    _ findings: LanguageFindings, _ formats: [ImageFormat], canvas: Canvas = Canvas()
  ) async throws -> [LanguageFigureName] {
    let directory = try TemporaryDirectory()
    var written: [LanguageFigureName] = []
    let set = LanguageFigureSet(findings, canvas: canvas, directory: directory.file("it's one"))
    for outcome in try await set.render(formats) {
      guard case .written(let name, let files, let warnings) = outcome else { continue }
      written.append(name)
      #expect(warnings == [], "\(name)")
      #expect(files.count == 2 + formats.count)
      for file in files {
        let size = try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int
        #expect((size ?? 0) > 50, "\(file)")
      }
    }
    return written
  }

  @Test(.enabled(if: hasGnuplot, "gnuplot is not installed"), arguments: [CellKind.lstm, .gru])
  func everyFigureInEveryFormat(cell: CellKind) async throws {
    #expect(try await render(Self.findings(cell), [.svg, .png, .pdf]) == LanguageFigureName.allCases)
  }

  @Test(.enabled(if: hasGnuplot, "gnuplot is not installed"), arguments: Canvas.Preset.allCases)
  func everyCanvas(_ preset: Canvas.Preset) async throws {
    #expect(try await render(Self.findings(), [.svg], canvas: preset.canvas) == LanguageFigureName.allCases)
  }

  @Test(.enabled(if: hasGnuplot, "gnuplot is not installed"))
  func oneUnitAndOneClass() async throws {
    let closing = MadeUp.closing([.init(distance: 1, count: 20, missed: [0])], models: ["network"])
    let findings = try MadeUp.findings(
      MadeUp.report(.lstm, layers: 1, hidden: 1) { _, _ in (0, 1) }, closing: closing)
    #expect(try await render(findings, [.svg]) == LanguageFigureName.allCases)
  }

  @Test(arguments: [(80, 24), (120, 40)]) func textFitsTheTerminal(columns: Int, rows: Int) throws {
    let directory = try TemporaryDirectory().file("figures")
    let set = try LanguageFigureSet(Self.findings(), directory: directory)
    for style in [TextStyle.plain, .trueColor] {
      let pages = try set.text(columns: columns, rows: rows, styled: style).pages
      #expect(pages.map(\.name) == LanguageFigureName.allCases)
      for page in pages {
        let lines = page.text.replacing(/\u{1B}\[[0-9;]*m/, with: "").split(separator: "\n")
        #expect(lines.count <= rows && lines.allSatisfy { $0.count <= columns }, "\(page.name)")
      }
    }
    // Who looks writes nothing.
    #expect(!FileManager.default.fileExists(atPath: directory))
  }

  @Test func eachFigureIsDrawnOnceInTheOrderAskedFor() throws {
    let set = try LanguageFigureSet(
      Self.findings(), names: [.closing, .saturation, .closing], directory: "unused")
    #expect(try set.drawings().drawings.map(\.name) == ["closing", "saturation"])
  }
}
