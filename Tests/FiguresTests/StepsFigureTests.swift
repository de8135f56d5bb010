import Experiments
import Figures
import Foundation
import GradientFlow
import Testing

@Suite("Figure of tests by step") struct StepsFigureTests {
  private static let sizes = "hidden_size: 4\nbatch_size: 4\nevaluation_size: 100\n"

  private func run(_ lines: String) async throws -> TinyRun {
    try await TinyRun("iterations: 4\ndiagnose_every: 0\n" + lines, sizes: Self.sizes)
  }

  private func plot(_ run: Run) throws -> Plot {
    let (drawings, omitted) = try FigureSet(run, names: ["steps"]).drawings()
    return try #require(drawings.first?.plot, "\(omitted)")
  }

  private func isNear(_ text: String?, _ value: Double) -> Bool {
    guard let drawn = text.flatMap(Double.init) else { return false }
    return abs(drawn - value) <= 1e-6 * max(1, abs(value))
  }

  @Test func whatIsDrawnIsThatOfTheRecord() async throws {
    let tiny = try await run(
      "task: {kind: reversal, symbols: 2}\ncells: gru\nsequence_length: 5\nseeds: 1\n")
    let plot = try plot(tiny.run)
    let tests = try #require(try tiny.run.record(tiny.run.trials[0])?.stepTests)
    let columns: [(String, Column<StepTest, Double?>)] = [
      ("loss", .loss), ("own-loss", .ownLoss), ("wrong", .accuracy), ("own-wrong", .ownAccuracy),
    ]
    for (name, column) in columns {
      let found = rows(ofCSV: plot.table.csv).filter { $0["quantity"] == name }
      #expect(found.map { $0["t"] } == ["1", "2", "3", "4", "5"])
      for (row, value) in zip(found, tests.values(column)) {
        #expect(isNear(row["median"], name.hasSuffix("wrong") ? 1 - value : value), "\(name)")
      }
    }
    #expect(plot.panels.map(\.y.label) == ["share of wrong outputs", "loss (cross entropy, nats)"])
    #expect(plot.legend.contains { $0.title.contains("own predictions") })
    #expect(plot.legend.map(\.title).contains("chance: remembers nothing"))
    #expect(plot.statement.hasPrefix("Wrong outputs of own predictions: "))
  }

  @Test func aRegressionHasAPanelOfLossAlone() async throws {
    let tiny = try await run("task: {kind: flip-flop}\ncells: [rnn, gru]\nsequence_length: 6\nseeds: 2\n")
    let plot = try plot(tiny.run)
    #expect(plot.panels.map(\.y.label) == ["loss (mean squared error)"])
    #expect(plot.panels[0].right == nil && plot.statement.hasPrefix("Test loss: "))
    #expect(plot.legend.map(\.title) == ["rnn", "gru", "chance: remembers nothing"])
  }

  // Of long sequences a point is the mean over several steps, each by its outputs.
  @Test func longSequencesAreDrawnInBins() async throws {
    let tiny = try await run("task: {kind: flip-flop}\ncells: rnn\nsequence_length: 600\nseeds: 1\n")
    let plot = try plot(tiny.run)
    let tests = try #require(try tiny.run.record(tiny.run.trials[0])?.stepTests)
    let losses = tests.values(.loss)
    let found = rows(ofCSV: plot.table.csv).filter { $0["quantity"] == "loss" }
    #expect(found.count == 200 && found[1]["t"] == "5")
    #expect(isNear(found[1]["median"], (losses[3] + losses[4] + losses[5]) / 3))
    #expect(plot.caption.parts.contains("a point is the mean over 3 steps"))
  }

  @Test func aTaskWithALossAtTheEndHasNoneAndOnlyWhoAsksIsTold() async throws {
    let tiny = try await run("task: {kind: adding}\ncells: rnn\nsequence_length: 6\nseeds: 1\n")
    let named = try FigureSet(tiny.run, names: ["steps"]).drawings()
    #expect(named.drawings.isEmpty && "\(named.omitted)".contains("a loss at one step alone"))
    #expect(try !FigureSet(tiny.run).drawings().omitted.contains { $0.name == "steps" })
  }
}
