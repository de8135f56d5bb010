import Experiments
import Foundation
import GradientFlow
import TestSupport
import Testing

/// Runs that keep some steps, beside the same runs that keep all.
@Suite("Runs that keep some steps") struct RecordedStepsTests {
  private static let deep = """
    name: r
    cells: [rnn, lstm, gru]
    hidden_size: 4
    input_size: 3
    batch_size: 3
    sequence_length: [40, 300]
    layers: [1, 2]
    bidirectional: [false, true]
    clip: [none, {step-norm: 0.01}, {global-norm: 0.1}]
    seeds: 1
    """

  private static let reversal = """
    name: r
    task: {kind: reversal}
    cells: [rnn, lstm]
    hidden_size: 4
    batch_size: 3
    sequence_length: 400
    seeds: 1
    """

  @discardableResult
  private func run(_ text: String, _ directory: String, _ overrides: [String] = []) async throws -> Run {
    let spec = try SweepSpecification.parse(text: text, file: "r.yaml", overrides: overrides)
    let sweep = try Sweep(spec, directory: directory, options: SweepOptions(jobs: 2))
    _ = try await sweep.execute()
    try await sweep.run.exportCSV()
    return sweep.run
  }

  private func lines(_ directory: TemporaryDirectory, _ name: String) throws -> [String] {
    try directory.read(name).split(separator: "\n").map(String.init)
  }

  @Test(arguments: [deep, reversal])
  func everyNumberIsThatOfTheWholeRun(specification: String) async throws {
    let directory = try TemporaryDirectory()
    let every = try await run(specification, directory.file("every"))
    let spaced = try await run(specification, directory.file("spaced"), ["record=log-spaced"])
    for name in ["trials.csv", "layers.csv"] {
      #expect(try directory.read("every/" + name) == directory.read("spaced/" + name), "\(name)")
    }
    let all = try lines(directory, "every/timesteps.csv")
    let kept = try lines(directory, "spaced/timesteps.csv")
    #expect(kept.count < all.count && kept.first == all.first)
    // Rows are left out, none is another one, and their order stays.
    var rest = all[...]
    for line in kept {
      let place = try #require(rest.firstIndex(of: line), "\(line)")
      rest = rest[(place + 1)...]
    }
    for trial in every.trials {
      let (a, b) = (try #require(try every.record(trial)), try #require(try spaced.record(trial)))
      let other = try #require(spaced.trials.first { $0.id == trial.id })
      for (whole, some) in zip(a.paths(of: trial), b.paths(of: other)) {
        let (steps, table) = (whole.table.steps, some.table)
        #expect(table.steps == steps && some.seam == whole.seam)
        #expect(table.isThinned == (table.rows < whole.table.rows))
        let times = (0..<table.rows).map(table.time(ofRow:))
        #expect(times.prefix(2) == [0, 1] && times.last == steps)
        if let seam = some.seam { #expect(times.contains(seam) && times.contains(seam + 1)) }
        #expect(times.allSatisfy { table.row(ofTime: $0) != nil })
      }
    }
  }

  @Test func rowsAreTheLagsOfTheRule() async throws {
    let directory = try TemporaryDirectory()
    try await run(Self.deep, directory.file("run"), ["record=log-spaced", "layers=1", "bidirectional=false"])
    let rows = CSVRows(try directory.read("run/timesteps.csv")).rows(where: ["sequence_length": "300"])
    let lags = rows.prefix { $0["trial"] == rows.first?["trial"] }.map { Int($0["lag"] ?? "") ?? -1 }
    let rule = (0...300).reversed().filter { $0 < 128 || $0 >= 299 || $0.isMultiple(of: $0 < 256 ? 2 : 4) }
    #expect(lags == rule)
  }

  /// A trial without gradients has as many rows as one with them.
  @Test func divergedTrialsHaveTheSameRows() async throws {
    let directory = try TemporaryDirectory()
    try await run(
      "name: r\ncells: rnn-linear\nhidden_size: 4\nbatch_size: 2\nsequence_length: 500\n"
        + "spectral_radius: [1, 9]\nrecord: log-spaced\nseeds: 1\n", directory.file("run"))
    let rows = CSVRows(try directory.read("run/timesteps.csv")).rows
    let byRadius = Dictionary(grouping: rows) { $0["spectral_radius"] ?? "" }.mapValues { $0.map { $0["t"] } }
    #expect(byRadius.count == 2 && byRadius["1"] == byRadius["9"])
    #expect(rows.contains { $0["spectral_radius"] == "9" && $0["log10_grad_h"] == "" })
  }

  /// A training's final diagnosis keeps some steps, its profiles all of them.
  @Test func profilesOfATrainingAreWhole() async throws {
    let directory = try TemporaryDirectory()
    let text =
      "name: r\ntask: {kind: adding}\ncells: rnn\nhidden_size: 4\nbatch_size: 2\nsequence_length: 200\n"
      + "iterations: 3\nevaluation_size: 100\nseeds: 1\n"
    try await run(text, directory.file("every"))
    try await run(text + "record: log-spaced\n", directory.file("spaced"))
    for name in ["trials.csv", "training.csv", "training_timesteps.csv"] {
      #expect(try directory.read("every/" + name) == directory.read("spaced/" + name), "\(name)")
    }
    #expect(
      try lines(directory, "spaced/timesteps.csv").count < lines(directory, "every/timesteps.csv").count)
  }

  @Test func aRunIsNotContinuedWithOthers() async throws {
    let directory = try TemporaryDirectory()
    let small = ["layers=1", "cells=rnn", "bidirectional=false", "clip=none"]
    try await run(Self.deep, directory.file("run"), small)
    let before = try directory.read("run/timesteps.csv")
    let error = await #expect(throws: RunError.self) {
      try await run(Self.deep, directory.file("run"), small + ["record=log-spaced"])
    }
    #expect("\(try #require(error))".contains("record: every → log-spaced"))
    #expect(try directory.read("run/timesteps.csv") == before)
  }

  @Test func aTrialIsReproducedBitByBit() async throws {
    let directory = try TemporaryDirectory()
    let run = try await run(
      Self.deep, directory.file("run"), ["record=log-spaced", "layers=2", "cells=lstm", "clip=none"])
    let trial = try #require(run.trials.last)
    let again = try TrialReproduction(directory: directory.file("run"), trial: trial.id)
    #expect(again.differences.isEmpty && again.compared > 100)
  }

  @Test func shardsWithOthersAreNotMerged() async throws {
    let directory = try TemporaryDirectory()
    let small = ["layers=1", "cells=rnn", "bidirectional=false", "clip=none"]
    for (index, record) in [(1, "every"), (2, "log-spaced")] {
      let spec = try SweepSpecification.parse(
        text: Self.deep, file: "r.yaml", overrides: small + ["record=\(record)"])
      // Each in a folder of its own, as on machines that share none.
      var options = SweepOptions(jobs: 1)
      options.shard = Shard(index: index, count: 2)
      _ = try await Sweep(spec, directory: directory.file("part\(index)"), options: options).execute()
    }
    try FileManager.default.moveItem(
      atPath: directory.file("part2/shards/2-of-2"), toPath: directory.file("part1/shards/2-of-2"))
    let error = #expect(throws: RunError.self) { try ShardMerge(directory: directory.file("part1")) }
    #expect("\(try #require(error))".contains("record: "))
  }

  /// Steps beyond ``LongValue``'s bound are written and read in pieces, and those of several layers too.
  @Test func longTrialsAreStoredAsTheyWere() async throws {
    let directory = try TemporaryDirectory()
    let run = try await run(
      "name: r\ncells: lstm\nhidden_size: 2\ninput_size: 1\nbatch_size: 1\nsequence_length: 12000\nlayers: 2\n"
        + "seeds: 1\n", directory.file("run"))
    let trial = try #require(run.trials.first)
    let (stored, again) = (try #require(try run.record(trial)), TrialRunner().run(trial))
    #expect(try #require(stored.steps).byteCount > 1 << 20 && stored.steps?.blob == again.steps?.blob)
    #expect(stored.layers.count == 2 && stored.decayRate == again.decayRate)
    for (a, b) in zip(stored.layers, again.layers) {
      #expect(a.steps?.columns[.hiddenMean] == b.steps?.columns[.hiddenMean])
    }
    let some = try #require(try run.record(trial, columns: [.hiddenMean])?.steps)
    #expect(some.columns == [.hiddenMean: try #require(again.steps?.columns[.hiddenMean])])
    // Salvaged from its bytes.
    var found = 0
    try SalvagedStore(directory.file("run/trials.sqlite")).forEachTrial { trial in
      found += 1
      #expect(trial.record.steps?.blob == again.steps?.blob)
    }
    #expect(found == 1)
  }
}
