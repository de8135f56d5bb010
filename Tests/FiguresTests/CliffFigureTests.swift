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
        #expect(try number(row, "learning_rate") == step.learningRate)
        #expect(try number(row, "log10_grad_before") == step.normBefore.log10)
        #expect(try number(row, "log10_grad_after") == step.normAfter.log10)
        #expect(try number(row, "clipped") == (step.isClipped ? 1 : 0))
        #expect(try number(row, "step") == step.length)
      }
    }
    let surface = found.filter { $0["quantity"] == "surface" }
    for row in surface.enumerated().filter({ $0.offset % 997 == 0 }).map(\.element) {
      let error = CliffModel().error(w: try number(row, "w"), b: try number(row, "b"))
      // The coordinates are rounded, and the wall is steep.
      #expect(abs(try number(row, "error") - error) < 1e-3 * (1 + error))
    }
    let points = Self.walks.flatMap(\.points)
    for (name, walked) in [("w", points.map(\.w)), ("b", points.map(\.b))] {
      let covered = try surface.map { try number($0, name) }
      #expect((covered.min() ?? 0) < (walked.min() ?? 0) && (covered.max() ?? 0) > (walked.max() ?? 0))
    }
  }

  @Test func saysWhereTheWalksEnd() throws {
    let script = try drawing(Self.walks).script
    #expect(script.contains("no clipping: ends at E = 0.081, w = 4.71, b = -0.479, largest gradient 1.5"))
    #expect(script.contains("global-norm:0.05: ends at E = 4.01e-12"))
    #expect(script.contains("'step 1.87 at update 22'"))
  }

  @Test func saysThatAWalkDiverges() throws {
    let wall = 0.5 - 10 / (1 + exp(-0.5))
    let walk = CliffWalk(.none, w: 10, b: wall, learningRate: 1e300, schedule: .constant)
    #expect(
      walk.summary.hasPrefix("no clipping: the weights left the range of numbers at update 1, after E ="))
    #expect(try drawing([walk]).script.contains("left the range of numbers at update 1"))
  }
}
