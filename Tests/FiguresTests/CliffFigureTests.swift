import Experiments
import Figures
import Foundation
import GradientFlow
import Testing

@Suite("The figure of the cliff") struct CliffFigureTests {
  private func number(_ row: [String: String], _ name: String) throws -> Double {
    try #require(row[name].flatMap(Double.init), "\(name) in \(row)")
  }

  private func drawing(_ walks: [CliffWalk]) throws -> FigureDrawing {
    try #require(try CliffFigure(walks, directory: "nowhere").drawings().drawings.first)
  }

  private static let walks = [CliffWalk(.none), CliffWalk(.globalNorm(0.05))]

  @Test func holdsTheStepsAndTheSurface() throws {
    let found = rows(ofCSV: try drawing(Self.walks).table.csv)
    for walk in Self.walks {
      let own = found.filter { $0["quantity"] == "walk" && $0["clip"] == walk.clip.label }
      #expect(own.map { $0["update"] } == (0...50).map { "\($0)" })
      #expect(own.map { $0["w"] } == walk.points.map { CSVField.number($0.w) })
      #expect(own.map { $0["b"] } == walk.points.map { CSVField.number($0.b) })
      #expect(own.map { $0["error"] } == walk.points.map { CSVField.number($0.error) })
      #expect(own[0]["step"] == "" && own[0]["clipped"] == "")
      for (row, step) in zip(own.dropFirst(), walk.steps) {
        #expect(row["learning_rate"] == CSVField.number(step.learningRate))
        #expect(row["log10_grad_before"] == CSVField.number(step.normBefore.log10))
        #expect(row["log10_grad_after"] == CSVField.number(step.normAfter.log10))
        #expect(try number(row, "clipped") == (step.isClipped ? 1 : 0))
        #expect(row["step"] == CSVField.number(step.length))
      }
    }
    let surface = found.filter { $0["quantity"] == "surface" }
    #expect(surface.count <= 8000)
    for row in surface.enumerated().filter({ $0.offset % 997 == 0 }).map(\.element) {
      let root = CliffModel().error(w: try number(row, "w"), b: try number(row, "b")).squareRoot()
      // The coordinates are rounded, and the wall is steep.
      #expect(abs(try number(row, "root_error") - root) < 1e-3)
    }
    let points = Self.walks.flatMap(\.points)
    for (name, walked) in [("w", points.map(\.w)), ("b", points.map(\.b))] {
      let covered = try surface.map { try number($0, name) }
      #expect((covered.min() ?? 0) < (walked.min() ?? 0) && (covered.max() ?? 0) > (walked.max() ?? 0))
    }
  }

  @Test func saysWhereTheWalksEnd() throws {
    let drawing = try drawing(Self.walks)
    #expect(
      drawing.plot.statement.hasPrefix("no clipping: ends at E = 0.081, longest step 1.87 (update 22); "))
    #expect(drawing.plot.statement.contains("clip 0.05: ends at E = 4.01 × 10^{−12}, longest step"))
    #expect(drawing.plot.statement.hasSuffix("29 of 50 updates clipped"))
    #expect(drawing.script.contains("'step 1.87 at update 22'"))
    #expect(
      Self.walks[0].summary.hasPrefix(
        "no clipping: ends at E = 0.081, w = 4.71, b = -0.479, largest gradient 1.5 (update 22)"))
  }

  /// The axis reaches down to the error of which the statement speaks.
  @Test func theAxisHoldsEveryErrorThatIsSpokenOf() throws {
    let script = try drawing(Self.walks).script
    let range = try #require(script.firstMatch(of: /set yrange \[(.*):(.*)\]/))
    let low = try #require(Double(range.1))
    let least = try #require(Self.walks.flatMap(\.points).map(\.error).min())
    #expect(low < log10(least))
    #expect(!script.contains("are drawn at"))
  }

  @Test func aLongWalkIsThinnedAndSaysSo() throws {
    let walk = CliffWalk(.globalNorm(0.05), iterations: 3000)
    let drawing = try drawing([walk])
    let own = rows(ofCSV: drawing.table.csv).filter { $0["quantity"] == "walk" }
    #expect(own.count <= 402 && own.last?["update"] == "3000")
    let longest = try #require(walk.longest?.update)
    #expect(own.contains { $0["update"] == "\(longest)" })
    #expect(drawing.plot.caption.parts.contains("400 of 3001 points of a walk drawn"))
  }

  @Test func saysThatAWalkDiverges() throws {
    let wall = 0.5 - 10 / (1 + exp(-0.5))
    let walk = CliffWalk(.none, w: 10, b: wall, learningRate: 1e300, schedule: .constant)
    #expect(
      walk.summary.hasPrefix("no clipping: the weights left the range of numbers at update 1, after E ="))
    #expect(try drawing([walk]).plot.statement.contains("left the range of numbers at update 1"))
  }
}
