import Experiments
import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("Sweeps that train") struct TrainingSweepTests {
  static let small = """
    name: small
    task: {kind: temporal-order}
    cells: [rnn, lstm]
    hidden_size: 9
    batch_size: 5
    sequence_length: [10, 12]
    clip: [none, {global-norm: 0.01}, {step-norm: 0.001}]
    learning_rate: 0.1
    iterations: 24
    evaluate_every: 12
    evaluation_size: 200
    record_every: 5
    diagnose_every: 8
    seeds: 2
    """

  @discardableResult
  private func run(
    _ text: String, _ directory: String, jobs: Int = 2, overrides: [String] = []
  ) async throws -> Run {
    let spec = try SweepSpecification.parse(text: text, file: "test.yaml", overrides: overrides)
    let sweep = try Sweep(spec, directory: directory, options: SweepOptions(jobs: jobs))
    _ = try await sweep.execute()
    try await sweep.run.exportCSV()
    return sweep.run
  }

  private static let files = ["trials.csv", "timesteps.csv", "training.csv", "training_timesteps.csv"]

  @Test func csvIsTheSameWhateverTheJobsAndTheHistory() async throws {
    let directory = try TemporaryDirectory()
    try await run(Self.small, directory.file("one"), jobs: 1)
    try await run(Self.small, directory.file("grown"), overrides: ["seeds=1", "sequence_length=12"])
    try await run(Self.small, directory.file("grown"))
    for name in Self.files {
      #expect(try directory.read("one/" + name) == directory.read("grown/" + name), "\(name)")
    }
  }

  @Test func rowsComeWhereTheyAreDueAndSumUpEveryUpdate() async throws {
    let directory = try TemporaryDirectory()
    let run = try await run(Self.small, directory.file("run"), overrides: ["cells=rnn", "seeds=1"])
    let rows = CSVRows(try directory.read("run/training.csv"))
    let trial = try #require(run.trials.first)
    let own = rows.rows(where: ["trial": trial.id])
    // Every 5 updates, every 12 a test, every 8 and the first a profile.
    #expect(own.map { $0["iteration"] } == ["0", "1", "5", "8", "10", "12", "15", "16", "20", "24"])
    #expect(own.compactMap { $0["updates"].flatMap { Int($0) } }.reduce(0, +) == 24)
    #expect(own.filter { $0["test_loss"] != "" }.map { $0["iteration"] } == ["0", "12", "24"])
    #expect(own.filter { $0["spectral_radius_now"] != "" }.map { $0["iteration"] } == ["1", "8", "16", "24"])
    let steps = CSVRows(try directory.read("run/training_timesteps.csv"))
    let profile = steps.rows(where: ["trial": trial.id, "iteration": "16"])
    #expect(profile.map { $0["t"] } == (0...10).map { "\($0)" })
    #expect(profile.map { $0["lag"] } == (0...10).reversed().map { "\($0)" })
    let text = try directory.read("run/training.csv") + directory.read("run/training_timesteps.csv")
    #expect(!text.lowercased().contains("nan"))
  }

  /// What was clipped is told by row, and the shares of the steps in what was cut sum to 1.
  @Test func clippingIsAccountedFor() async throws {
    let directory = try TemporaryDirectory()
    try await run(
      Self.small, directory.file("run"), overrides: ["cells=rnn", "seeds=1", "sequence_length=12"])
    let rows = CSVRows(try directory.read("run/training.csv"))
    let steps = CSVRows(try directory.read("run/training_timesteps.csv"))
    for row in rows.rows(where: ["clip": "global-norm:0.01"]) where row["updates"] != "0" {
      #expect(row["engaged"] == "1" && row["cosine"] == "1")
      let after = try #require(row["log10_grad_after"].flatMap(Double.init))
      #expect((after + 2).magnitude < 1e-3)
    }
    for row in rows.rows(where: ["clip": "none"]) where row["updates"] != "0" {
      #expect(row["engaged"] == "0" && row["log10_grad_before"] == row["log10_grad_after"])
    }
    for clip in ["global-norm:0.01", "step-norm:0.001"] {
      for iteration in ["1", "8", "16", "24"] {
        let shares = steps.rows(where: ["clip": clip, "iteration": iteration])
          .compactMap { $0["cut_share"].flatMap(Double.init) }
        #expect(shares.count == 12)
        #expect((shares.reduce(0, +) - 1).magnitude < 1e-3, "\(clip) \(iteration)")
      }
    }
    #expect(steps.rows(where: ["clip": "none"]).allSatisfy { $0["cut_share"] == "" })
  }

  @Test func aTrialIsReproducedBitForBit() async throws {
    let directory = try TemporaryDirectory()
    let run = try await run(Self.small, directory.file("run"), overrides: ["seeds=1", "sequence_length=12"])
    for trial in run.trials {
      let again = try TrialReproduction(directory: directory.file("run"), trial: trial.id)
      #expect(again.differences.isEmpty, "\(again.differences.prefix(3))")
      #expect(again.compared > 500)
    }
  }

  @Test func theModelIsTheNetworkThatWasTested() async throws {
    let directory = try TemporaryDirectory()
    let run = try await run(
      Self.small, directory.file("run"), overrides: ["seeds=1", "clip=none", "precision=float64"])
    for trial in run.trials {
      let record = try #require(try run.record(trial))
      let model = try TrainedModel(contentsOf: directory.file("run/models/\(trial.id).safetensors"))
      #expect(model.model.cell == trial.cell)
      // Diagnosed at the end on the batch that any trial of that seed is diagnosed on.
      let task = TemporalOrder()
      let sample = try task.sample(
        Double.self, steps: trial.sequenceLength, batch: trial.batchSize, rootSeed: 0, seed: trial.seed)
      let problem = GradientProblem(
        cell: trial.cell,
        shape: SequenceShape(
          steps: trial.sequenceLength, batch: trial.batchSize, inputSize: 6, hiddenSize: trial.hiddenSize),
        parameters: model.model.layers[0][0], inputs: sample.inputs.dense,
        loss: task.loss(of: sample, placement: .finalStep, readout: try model.requiredReadout()))
      guard case .gradients(let found) = problem.diagnose() else {
        Issue.record("diverged")
        continue
      }
      #expect(record.log10RatioFirstLast == found.steps.log10RatioFirstLast)
      #expect(record.log10GradTotal == found.clipping.normAfter.log10)
    }
  }

  // A ReLU network whose recurrent weights grow: the gradient leaves float32 within some updates. With clipping it goes on.
  @Test func anExplodingSeedIsReportedWithUpdateAndTimestepAndTrainsWithClipping() async throws {
    let directory = try TemporaryDirectory()
    let run = try await run(
      """
      name: x
      task: {kind: adding}
      cells: rnn-relu
      hidden_size: 40
      batch_size: 20
      sequence_length: 60
      spectral_radius: 1.5
      learning_rate: 0.01
      clip: [none, {global-norm: 0.1}]
      iterations: 60
      evaluate_every: 0
      evaluation_size: 100
      diagnose_every: 0
      seeds: 1
      """, directory.file("run"))
    let trials = CSVRows(try directory.read("run/trials.csv"))
    let plain = try #require(trials.rows(where: ["clip": "none"]).first)
    #expect(plain["status"] == "diverged" && plain["outcome"] == "diverged")
    let (iteration, step) = (Int(plain["diverged_iteration"] ?? ""), Int(plain["diverged_at"] ?? ""))
    #expect(iteration.map { (1...60).contains($0) } ?? false)
    #expect(step.map { (1...60).contains($0) } ?? false)
    #expect(TrainingEvent.Kind(rawValue: plain["diverged_kind"] ?? "") != nil)
    let clipped = try #require(run.trials.last)
    let record = try #require(try run.record(clipped))
    #expect(record.updates == 60 && record.status != .diverged)
    #expect(record.training?.rows.values(.loss).allSatisfy(\.isFinite) ?? false)
    #expect(FileManager.default.fileExists(atPath: directory.file("run/models/\(clipped.id).safetensors")))
    #expect(
      !FileManager.default.fileExists(atPath: directory.file("run/models/\(run.trials[0].id).safetensors")))
  }

  @Test func shardsAreMergedWithTheirModels() async throws {
    let directory = try TemporaryDirectory()
    let specification = try SweepSpecification.parse(text: Self.small, file: "s.yaml")
    for index in 1...2 {
      var options = SweepOptions(jobs: 2)
      options.shard = Shard(index: index, count: 2)
      _ = try await Sweep(specification, directory: directory.file("run"), options: options).execute()
    }
    let merge = try ShardMerge(directory: directory.file("run"))
    try await merge.run.exportCSV()
    try await run(Self.small, directory.file("whole"))
    for name in Self.files {
      #expect(try directory.read("run/" + name) == directory.read("whole/" + name), "\(name)")
    }
    let models = try FileManager.default.contentsOfDirectory(atPath: directory.file("run/models")).sorted()
    #expect(models == specification.trials.map { $0.id + ".safetensors" }.sorted())
  }

  @Test func digitsAreReadFromAFile() async throws {
    let directory = try TemporaryDirectory()
    // Sixty images of 3 × 2 pixels in two classes; class 1 is bright.
    var images: [Double] = []
    var labels: [Int] = []
    for k in 0..<60 {
      labels.append(k % 2)
      images += (0..<6).map { Double(($0 * 7 + k) % 5 + 8 * (k % 2)) }
    }
    let image = try NumericArray(images, shape: [60, 3, 2])
    let label = try NumericArray(labels, shape: [60])
    let archive = StoredArchive([
      ("images.npy", try NPYFile.encoded(image)), ("labels.npy", try NPYFile.encoded(label)),
    ])
    directory.write(archive.bytes, to: "digits.npz")
    _ = try directory.write(
      """
      name: digits
      task: {kind: digits, path: digits.npz}
      cells: rnn
      hidden_size: 8
      iterations: 10
      evaluation_size: 100
      seeds: 1
      """, to: "s.yaml")
    let specification = try SweepSpecification.read(path: directory.file("s.yaml"))
    #expect(specification.values(of: .sequenceLength, \.sequenceLength) == [6])
    let sweep = try Sweep(specification, directory: directory.file("run"), options: SweepOptions(jobs: 1))
    _ = try await sweep.execute()
    let trial = try #require(sweep.run.trials.first)
    let record = try #require(try sweep.run.record(trial))
    #expect(record.updates == 10 && record.testError != nil && record.message == nil)
    #expect(try SweepSpecification.readNormalised(path: directory.file("run/spec.yaml")).trials == [trial])
  }

  // Loss and gradients of a task at initialisation, without any training.
  @Test func tasksToBeLearnedAreDiagnosedToo() async throws {
    let directory = try TemporaryDirectory()
    let run = try await run(
      "name: x\ntask: {kind: copy-memory}\nhidden_size: 8\nbatch_size: 4\nsequence_length: 25\nseeds: 1",
      directory.file("run"))
    for trial in run.trials {
      let record = try #require(try run.record(trial))
      #expect(record.status == .ok && record.training == nil)
      // A drawn readout is not far from uniform over nine classes.
      #expect(record.loss.map { ($0 - log(9)).magnitude < 1 } ?? false)
    }
    #expect(!FileManager.default.fileExists(atPath: directory.file("run/training.csv")))
  }
}
