import Experiments
import Figures
import Foundation
import GradientFlow
import Testing

@Suite("Figures of trained networks at other lengths") struct LengthsFigureTests {
  private func drawings(_ run: Run, _ name: FigureName) throws -> (plot: Plot?, omitted: String) {
    let (drawings, omitted) = try FigureSet(run, names: [name]).drawings()
    return (drawings.first?.plot, "\(omitted)")
  }

  private static let training = """
    task: {kind: reversal, symbols: 2}
    cells: rnn
    sequence_length: 4
    iterations: 4
    evaluate_every: 2
    diagnose_every: 2
    seeds: 1

    """
  private static let sizes = "hidden_size: 4\nbatch_size: 4\nevaluation_size: 100\n"

  @Test func testsAreThoseOfTheRecordAndTheTrainedLengthIsMarked() async throws {
    let tiny = try await TinyRun(Self.training + "test_length: [2, 4, 8]\n", sizes: Self.sizes)
    let plot = try #require(try drawings(tiny.run, "lengths").plot)
    let tests = try #require(try tiny.run.record(tiny.run.trials[0])?.lengthTests)
    for (name, column) in [("error", Column<LengthTest, Double?>.error), ("loss", .loss)] {
      let found = rows(ofCSV: plot.table.csv).filter { $0["quantity"] == name }
      #expect(found.map { $0["length"] } == ["2", "4", "8"])
      for (row, value) in zip(found, tests.values(column)) {
        let drawn = try #require(row["median"].flatMap(Double.init))
        #expect(abs(drawn - value) <= 1e-7 * max(1, abs(value)))
      }
    }
    #expect(plot.panels.count == 2)
    #expect(plot.panels.allSatisfy { panel in panel.rules.contains { $0.direction == .up && $0.value == 4 } })
    #expect(plot.legend.map(\.title).contains("chance: remembers nothing"))
    #expect(plot.caption.parts.contains("trained at T = 4"))
  }

  @Test func withoutOtherLengthsTheReasonIsGiven() async throws {
    let tiny = try await TinyRun(Self.training, sizes: Self.sizes)
    let found = try drawings(tiny.run, "lengths")
    #expect(found.plot == nil && found.omitted.contains("test_length"))
    // Nobody who did not name it misses it.
    let usual = try FigureSet(tiny.run).drawings()
    let names = usual.omitted.map(\.name) + usual.drawings.map { FigureName(rawValue: $0.name) }
    #expect(names.contains("loss") && !names.contains("lengths"))
  }

  @Test func ownPredictionsAndTeacherForcingAreBothNamed() async throws {
    let tiny = try await TinyRun(Self.training, sizes: Self.sizes)
    let plot = try #require(try drawings(tiny.run, "loss").plot)
    let quantities = Set(rows(ofCSV: plot.table.csv).compactMap { $0["quantity"] })
    #expect(quantities.isSuperset(of: ["training", "test", "test-own"]))
    #expect(plot.legend.contains { $0.title.contains("own predictions") })
    #expect(plot.statement.contains("own predictions") && plot.statement.contains("teacher forcing"))
  }

  @Test func theSeamIsMarkedInTheEvolution() async throws {
    let tiny = try await TinyRun(Self.training, sizes: Self.sizes)
    let plot = try #require(try drawings(tiny.run, "evolution").plot)
    let record = try #require(try tiny.run.record(tiny.run.trials[0])?.training)
    let decoder = try #require(record.profileRows.last { $0.place.part == .decoder })
    #expect(plot.panels[0].rules.contains { $0.direction == .across && $0.value == Double(decoder.steps) })
  }
}
