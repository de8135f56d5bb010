import Experiments
import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("Tests of trainings by step") struct StepTestsTests {
  private static func text(_ task: String) -> String {
    """
    name: steps
    cells: [rnn, gru]
    hidden_size: 5
    batch_size: 4
    learning_rate: 0.1
    iterations: 6
    evaluation_size: 100
    seeds: 2
    \(task)
    """
  }

  @discardableResult
  private func run(_ text: String, _ directory: String, shard: Shard? = nil) async throws -> Run {
    let specification = try SweepSpecification.parse(text: text, file: "test.yaml")
    var options = SweepOptions(jobs: 2)
    options.shard = shard
    let sweep = try Sweep(specification, directory: directory, options: options)
    _ = try await sweep.execute()
    if shard == nil { try await sweep.run.exportCSV() }
    return sweep.run
  }

  private func number(_ row: [String: String], _ column: String) throws -> Double {
    try #require(row[column].flatMap(Double.init), "\(column): \(row[column] ?? "no such column")")
  }

  /// Weighted by the outputs that count, the steps make up the numbers of the whole test.
  private func check(_ rows: [[String: String]], _ column: String, _ whole: Double) throws {
    let counts = try rows.map { try number($0, "outputs") }
    let mean = try zip(rows, counts).reduce(0) { try $0 + $1.1 * number($1.0, column) } / counts.reduce(0, +)
    #expect((mean - whole).magnitude < 1e-6 * max(1, whole.magnitude), "\(column)")
  }

  @Test(arguments: ["", "min_length: 2\n"]) func theyMakeUpTheWholeTest(lengths: String) async throws {
    let directory = try TemporaryDirectory()
    let run = try await run(
      Self.text("task: {kind: reversal, symbols: 3}\nsequence_length: 5\n" + lengths), directory.file("run"))
    let (steps, rows) = (
      CSVRows(try directory.read("run/test_steps.csv")), CSVRows(try directory.read("run/training.csv"))
    )
    for trial in run.trials {
      let own = steps.rows(where: ["trial": trial.id])
      #expect(own.map { $0["t"] } == (1...5).map { "\($0)" })
      let outputs = try own.map { try number($0, "outputs") }
      #expect(lengths.isEmpty ? outputs == [100, 100, 100, 100, 100] : outputs == outputs.sorted(by: >))
      let last = try #require(rows.rows(where: ["trial": trial.id]).last)
      for (column, whole) in [
        ("loss", "test_loss"), ("accuracy", "test_accuracy"), ("own_loss", "test_own_loss"),
        ("own_accuracy", "test_own_accuracy"),
      ] {
        try check(own, column, number(last, whole))
      }
      for row in own {
        #expect(try (number(row, "perplexity") / exp(number(row, "loss")) - 1).magnitude < 1e-12)
        #expect(try (number(row, "chance_loss") - log(3)).magnitude < 1e-12)
      }
      // Before anything is said, both read the same.
      #expect(own[0]["accuracy"] == own[0]["own_accuracy"])
    }
  }

  @Test func aRegressionHasLossesAlone() async throws {
    let directory = try TemporaryDirectory()
    try await run(Self.text("task: {kind: flip-flop}\nsequence_length: 6\n"), directory.file("run"))
    let rows = CSVRows(try directory.read("run/test_steps.csv")).rows(where: [:])
    #expect(rows.count == 4 * 6)
    for row in rows {
      #expect(row["perplexity"] == "" && row["accuracy"] == "" && row["own_loss"] == "")
      #expect(try number(row, "chance_loss") == (row["t"] == "1" ? 0 : 0.75))
    }
  }

  @Test func aTaskWithALossAtTheEndHasNoTable() async throws {
    let directory = try TemporaryDirectory()
    let run = try await run(Self.text("task: {kind: adding}\nsequence_length: 6\n"), directory.file("run"))
    #expect(!FileManager.default.fileExists(atPath: directory.file("run/test_steps.csv")))
    #expect(try run.trials.allSatisfy { try run.record($0)?.stepTests.rows == 0 })
  }

  @Test func shardsAreMergedAndTrialsReproduced() async throws {
    let directory = try TemporaryDirectory()
    let text = Self.text("task: {kind: echo, delay: 2, symbols: 3}\nsequence_length: [5, 8]\n")
    let whole = try await run(text, directory.file("whole"))
    for index in 1...2 {
      try await run(text, directory.file("parts"), shard: Shard(index: index, count: 2))
    }
    _ = try ShardMerge(directory: directory.file("parts"))
    try await Run(directory: directory.file("parts")).exportCSV()
    #expect(try directory.read("whole/test_steps.csv") == directory.read("parts/test_steps.csv"))
    let again = try TrialReproduction(directory: directory.file("parts"), trial: whole.trials[0].id)
    #expect(again.differences.isEmpty, "\(again.differences.prefix(3))")
  }
}
