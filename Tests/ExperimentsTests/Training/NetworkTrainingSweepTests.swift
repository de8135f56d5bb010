import Experiments
import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("Sweeps that train networks") struct NetworkTrainingSweepTests {
  private static let files = ["trials.csv", "timesteps.csv", "training.csv", "training_timesteps.csv"]

  private static let small = """
    name: small
    task: {kind: temporal-order}
    cells: [rnn, lstm]
    hidden_size: 5
    batch_size: 4
    sequence_length: 10
    layers: 2
    bidirectional: true
    embedding_size: 3
    dropout: 0.2
    learning_rate: 0.05
    iterations: 8
    evaluate_every: 4
    evaluation_size: 100
    record_every: 2
    diagnose_every: 4
    seeds: 1
    """

  private func run(_ text: String, _ directory: String) async throws -> Run {
    let specification = try SweepSpecification.parse(text: text, file: "test.yaml")
    let sweep = try Sweep(specification, directory: directory, options: SweepOptions(jobs: 2))
    _ = try await sweep.execute()
    try await sweep.run.exportCSV()
    return sweep.run
  }

  @Test func everyLayerAndDirectionHasItsProfiles() async throws {
    let directory = try TemporaryDirectory()
    let run = try await run(Self.small, directory.file("run"))
    let steps = CSVRows(try directory.read("run/training_timesteps.csv"))
    let rows = CSVRows(try directory.read("run/training.csv"))
    for trial in run.trials {
      for iteration in ["1", "4", "8"] {
        let own = steps.rows(where: ["trial": trial.id, "iteration": iteration])
        #expect(own.map { $0["t"] } == (0..<4).flatMap { _ in (0...10).map { "\($0)" } })
        #expect(
          own.map { ($0["layer"] ?? "") + ($0["direction"] ?? "") + ($0["part"] ?? "") }
            == ["0forward", "0reverse", "1forward", "1reverse"].flatMap { Array(repeating: $0, count: 11) })
        // The row of training.csv speaks of the last layer, read forward.
        let last = own[22..<33].map { $0["log10_grad_h"].flatMap(Double.init) ?? .nan }
        let ratio = try #require(
          rows.rows(where: ["trial": trial.id, "iteration": iteration]).first?["log10_ratio_first_last"]
            .flatMap(Double.init))
        #expect((ratio - (last[1] - last[10])).magnitude < 1e-12)
      }
      let record = try #require(try run.record(trial)?.training)
      #expect(record.profilesByUpdate.map(\.iteration) == [1, 4, 8])
      #expect(record.profilesByUpdate.allSatisfy { $0.place == LayerPlace(layer: 1) })
      #expect(record.profileRows.count == 12 && record.profiledPlaces.count == 4)
    }
  }

  @Test func accuracyAndPerplexityStandBesideTheLoss() async throws {
    let directory = try TemporaryDirectory()
    _ = try await run(Self.small, directory.file("run"))
    for row in CSVRows(try directory.read("run/training.csv")).rows(where: [:]) where row["test_loss"] != "" {
      let loss = try #require(row["test_loss"].flatMap(Double.init))
      let error = try #require(row["test_error"].flatMap(Double.init))
      let accuracy = try #require(row["test_accuracy"].flatMap(Double.init))
      let perplexity = try #require(row["test_perplexity"].flatMap(Double.init))
      // One output a sequence.
      #expect((accuracy + error - 1).magnitude < 1e-12 && (perplexity / exp(loss) - 1).magnitude < 1e-12)
      #expect(row["test_own_accuracy"] == "" && row["test_own_loss"] == "")
    }
  }

  /// `diverged_at` is of the layer whose state left the range; a loss that did is of none.
  @Test(arguments: [
    ("echo, delay: 2", "layers: [1, 3]\nbidirectional: [false, true]", [1, 2, 3, 6]),
    ("reversal, symbols: 3", "layers: [1, 3]", [2, 6]),
  ])
  func oneThatDivergesHasARowForEachLayerAndDirection(
    task: String, network: String, counts: [Int]
  ) async throws {
    let directory = try TemporaryDirectory()
    let run = try await run(
      """
      name: lost
      task: {kind: \(task)}
      cells: rnn-relu
      hidden_size: 8
      spectral_radius: [3, 30]
      batch_size: 4
      sequence_length: 60
      optimizer: sgd
      learning_rate: 10
      iterations: 20
      evaluation_size: 100
      seeds: 1
      \(network)
      """, directory.file("run"))
    let table = CSVRows(try directory.read("run/layers.csv"))
    var kinds: Set<String> = []
    for trial in run.trials {
      let record = try #require(try run.record(trial))
      let kind = try #require(record.divergedKind)
      let rows = table.rows(where: ["trial": trial.id])
      #expect(record.status == .diverged && counts.contains(rows.count))
      #expect(rows.count == record.allLayers.count)
      #expect(
        Set(rows.map { "\($0["part"] ?? "") \($0["layer"] ?? "") \($0["direction"] ?? "")" }).count
          == rows.count)
      #expect(rows.allSatisfy { ($0["part"] == "") == (task.hasPrefix("echo")) })
      let steps = rows.compactMap { $0["diverged_at"] }.filter { $0 != "" }
      #expect(
        steps == (kind == .state ? [record.divergedAt.map(String.init) ?? ""] : []), "\(trial.canonicalJSON)")
      kinds.insert(kind.rawValue)
    }
    #expect(kinds.isSuperset(of: ["state", "loss"]))
  }

  @Test func modelsHaveTheNamesOfPyTorch() async throws {
    let directory = try TemporaryDirectory()
    let run = try await run(Self.small, directory.file("run"))
    for trial in run.trials {
      let file = try SafetensorsFile(contentsOf: directory.file("run/models/\(trial.id).safetensors"))
      let layers = [0, 1].flatMap { l in ["", "_reverse"].map { "_l\(l)\($0)" } }
      let parameters = ["weight_ih", "weight_hh", "bias_ih", "bias_hh"]
      var names = Set(["embedding.weight", "readout.weight", "readout.bias"])
      for layer in layers { names.formUnion(parameters.map { $0 + layer }) }
      #expect(Set(file.names) == names)
      #expect(file["weight_ih_l1"]?.shape == [5 * trial.cell.gates.count, 10])
      #expect(file["embedding.weight"]?.shape == [6, 3])
    }
  }

  // As PyTorch's state_dict has it.
  @Test func aTiedReadoutIsWrittenUnderBothNames() async throws {
    let directory = try TemporaryDirectory()
    _ = try directory.write(String(repeating: "she sells sea shells. ", count: 40), to: "t.txt")
    _ = try directory.write(
      """
      name: tied
      task: {kind: text, path: t.txt}
      cells: gru
      hidden_size: 4
      sequence_length: 6
      embedding_size: 4
      tied: true
      iterations: 3
      evaluation_size: 100
      seeds: 1
      """, to: "s.yaml")
    let specification = try SweepSpecification.read(path: directory.file("s.yaml"))
    let sweep = try Sweep(specification, directory: directory.file("run"), options: SweepOptions(jobs: 1))
    _ = try await sweep.execute()
    let trial = try #require(sweep.run.trials.first)
    let file = try SafetensorsFile(contentsOf: directory.file("run/models/\(trial.id).safetensors"))
    let embedding = try #require(file["embedding.weight"])
    #expect(file["readout.weight"]?.doubles() == embedding.doubles() && embedding.shape[1] == 4)
  }

  /// Stopped in the middle and taken up again, each kind of network goes on to the same tables.
  @Test(
    arguments: [
      "task: {kind: temporal-order}\nlayers: 2\nbidirectional: true\ndropout: 0.3\nsequence_length: 10",
      "task: {kind: adding}\nlayers: 3\nmin_length: 4\nsequence_length: 9",
      "task: {kind: memorisation}\nlayers: 2\nembedding_size: 3\ntruncation: {k1: 10, k2: 20}\nsequence_length: 60",
      "task: {kind: reversal}\nlayers: 2\nembedding_size: 3\nsequence_length: 5",
    ])
  func anInterruptedOneGoesOnToTheSameTables(network: String) async throws {
    let text = """
      name: x
      cells: lstm
      hidden_size: 4
      batch_size: 2
      optimizer: adam
      learning_rate: 0.001
      iterations: 700
      evaluate_every: 0
      evaluation_size: 100
      record_every: 50
      diagnose_every: 100
      stop_at_success: false
      seeds: 1
      \(network)
      """
    let directory = try TemporaryDirectory()
    _ = try await run(text, directory.file("whole"))
    let specification = try SweepSpecification.parse(text: text, file: "test.yaml")
    try await Self.begin(specification, directory.file("halved"))
    let trial = try #require(specification.trials.first)
    #expect(
      FileManager.default.fileExists(atPath: directory.file("halved/checkpoints/\(trial.id).safetensors")))
    _ = try await run(text, directory.file("halved"))
    for name in Self.files + (specification.hasStepTests ? ["test_steps.csv"] : []) {
      #expect(try directory.read("whole/" + name) == directory.read("halved/" + name), "\(name)")
    }
  }

  /// Stops a run after its first row, and leaves its folder.
  private static func begin(_ specification: SweepSpecification, _ path: String) async throws {
    let sweep = try Sweep(specification, directory: path, options: SweepOptions(jobs: 1))
    sweep.monitor.watch()
    // A thread of its own: beside many tests a task may wait until the training is over.
    let watcher = Thread {
      while sweep.monitor.takeRows().isEmpty { usleep(500) }
      sweep.stop()
    }
    watcher.start()
    _ = try await sweep.execute()
    while !watcher.isFinished { try await Task.sleep(for: .milliseconds(1)) }
  }
}
