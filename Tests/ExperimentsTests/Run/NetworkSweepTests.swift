import Experiments
import Foundation
import GRDB
import GradientFlow
import TestSupport
import Testing

@Suite("Sweeps of networks") struct NetworkSweepTests {
  static let small = """
    name: n
    cells: [rnn, lstm]
    hidden_size: 6
    input_size: 3
    batch_size: 4
    sequence_length: 9
    spectral_radius: 0.9
    layers: [1, 3]
    bidirectional: [false, true]
    clip: [none, {step-norm: 0.1}]
    precision: float64
    seeds: 2
    """

  @discardableResult
  private func run(
    _ text: String, _ directory: String, jobs: Int = 2, overrides: [String] = []
  ) async throws -> Run {
    let spec = try SweepSpecification.parse(text: text, file: "n.yaml", overrides: overrides)
    let sweep = try Sweep(spec, directory: directory, options: SweepOptions(jobs: jobs))
    _ = try await sweep.execute()
    try await sweep.run.exportCSV()
    return sweep.run
  }

  /// The model that a trial draws, as `diagnose` is given it.
  private func problem(_ trial: TrialParameters) throws -> ModelProblem {
    let own = try TrialRunner().problem(trial, in: Double.self).problem
    var problem = ModelProblem(name: trial.id, network: own.network, data: own.inputs, loss: own.loss)
    problem.clip = trial.clip
    return problem
  }

  private func number(_ row: [String: String]?, _ column: String) throws -> Double {
    let text = try #require(row?[column])
    return try #require(Double(text))
  }

  private static func texts(_ numbers: ClosedRange<Int>) -> [String?] { numbers.map { "\($0)" } }

  // MARK: - What is measured

  /// Every number of layers.csv and every norm by step, against the diagnosis of the same network as a model.
  @Test func layersAreMeasuredAsThoseOfAModel() async throws {
    let directory = try TemporaryDirectory()
    let run = try await run(Self.small, directory.file("run"))
    let table = CSVRows(try directory.read("run/layers.csv"))
    let steps = CSVRows(try directory.read("run/timesteps.csv"))
    // 8 of each cell, clip and seed; 1, 2, 3 and 6 layers and directions.
    #expect(table.rows.count == 96)
    for trial in run.trials {
      let model = try ModelDiagnosis(problem(trial))
      let record = try #require(try run.record(trial))
      let rows = table.rows(where: ["trial": trial.id])
      #expect(rows.count == model.layers.count && record.allLayers.count == model.layers.count)
      for layer in model.layers {
        let place = ["layer": "\(layer.layer)", "direction": layer.direction.rawValue]
        let row = rows.first { row in place.allSatisfy { row[$0.key] == $0.value } }
        let total = try #require(model.gradients.entries.first { $0.name == layer.place.name("weight_hh") })
        let expected: [(String, Double?)] = [
          ("measured_spectral_radius", layer.spectra.map(\.spectralRadius).max()),
          ("measured_sigma_max", layer.spectra.map(\.largestSingularValue).max()),
          ("decay_rate", layer.decay?.rate), ("log10_ratio_first_last", layer.steps.log10RatioFirstLast),
          ("log10_grad_w_hh_total", total.gradient.norm.log10),
        ]
        for (column, value) in expected {
          let found = try number(row, column)
          let wanted = try #require(value)
          #expect(
            difference([found], [wanted], absolute: 1e-9) == nil, "\(trial.canonicalJSON) \(column)")
        }
        let radius = try number(row, "measured_spectral_radius")
        #expect(abs(radius - 0.9) < 1e-9)
        let own = steps.rows(where: place.merging(["trial": trial.id]) { a, _ in a })
        #expect(own.map { $0["t"] } == Self.texts(0...9))
        #expect(own.map { $0["lag"] } == Self.texts(0...9).reversed())
        for (column, values) in [
          ("log10_grad_h", layer.steps.hidden), ("log10_grad_h_mean", layer.steps.hiddenMean),
          ("log10_grad_h_unclipped", layer.unclippedSteps.hidden),
        ] {
          let found = try own.map { try number($0, column) }
          #expect(difference(found, values, absolute: 1e-9) == nil, "\(trial.canonicalJSON) \(column)")
        }
      }
      // The trial's own row speaks of the last layer, read forward.
      let main = try #require(model.layers.last { $0.direction == .forward })
      let rates = (own: try #require(record.decayRate), model: try #require(main.decay?.rate))
      #expect(difference([rates.own], [rates.model], absolute: 1e-9) == nil)
      #expect(record.layers.isEmpty == (model.layers.count == 1))
      if let layer = record.layers.first(where: { $0.place == main.place }) {
        #expect(layer.decayRate == record.decayRate && layer.steps?.blob == record.steps?.blob)
      }
    }
  }

  /// One layer, read forward, beside others has the numbers and bytes that it has alone.
  @Test func oneLayerIsWhatItWasAlone() async throws {
    let directory = try TemporaryDirectory()
    let all = try await run(Self.small, directory.file("all"))
    let alone = try await run(
      Self.small, directory.file("alone"), overrides: ["layers=1", "bidirectional=false"])
    for trial in alone.trials {
      let a = try #require(try all.record(trial))
      let b = try #require(try alone.record(trial))
      #expect(a.layers.isEmpty && b.layers.isEmpty && a.decayRate == b.decayRate && a.loss == b.loss)
      #expect(a.steps?.blob == b.steps?.blob)
    }
    #expect(!FileManager.default.fileExists(atPath: directory.file("alone/layers.csv")))
    #expect(try directory.read("alone/trials.csv").hasPrefix(TrialsCSV(alone.specification).header))
    #expect(!TrialsCSV(alone.specification).header.contains("layers"))
    // Rows of the smaller run are rows of the larger one, which has columns at the right.
    let rows = Set(try directory.read("alone/timesteps.csv").split(separator: "\n").dropFirst())
    let larger = try directory.read("all/timesteps.csv").split(separator: "\n").filter { row in
      rows.contains { row.hasPrefix($0) }
    }
    #expect(larger.count == rows.count)
  }

  @Test func aNetworkThatDivergesSaysInWhichLayer() async throws {
    let directory = try TemporaryDirectory()
    let run = try await run(
      "name: d\ncells: rnn-linear\nhidden_size: 4\ninput_size: 2\nbatch_size: 2\nsequence_length: 40\nlayers: 2\n"
        + "spectral_radius: 1e6\ninput_scale: 1\nseeds: 1", directory.file("run"))
    let record = try #require(try run.record(run.trials[0]))
    #expect(record.status == .diverged && record.divergedAt != nil && record.steps == nil)
    #expect(record.layers.map(\.divergedAt).compactMap { $0 }.count == 1)
    #expect(record.layers[0].divergedAt == record.divergedAt.map(Double.init))
    // Rows without numbers, for each layer.
    let steps = CSVRows(try directory.read("run/timesteps.csv")).rows
    #expect(steps.count == 2 * 41 && steps.allSatisfy { $0["log10_grad_h"] == "" })
    let layers = CSVRows(try directory.read("run/layers.csv"))["layer"]
    #expect(layers == ["0", "1"])
  }

  // MARK: - Lengths

  @Test func aRowSaysOverHowManySequencesItIs() async throws {
    let directory = try TemporaryDirectory()
    let run = try await run(
      Self.small, directory.file("run"),
      overrides: ["min_length=2", "layers=2", "bidirectional=true", "clip=none", "cells=gru", "seeds=3"])
    let steps = CSVRows(try directory.read("run/timesteps.csv"))
    var hasDifferent = false
    for trial in run.trials {
      let lengths = try #require(trial.lengths)
      hasDifferent = hasDifferent || !lengths.areEqual
      for layer in ["0", "1"] {
        for direction in ["forward", "reverse"] {
          let rows = steps.rows(where: ["trial": trial.id, "layer": layer, "direction": direction])
          #expect(rows.count == lengths.steps + 1)
          for (t, row) in rows.enumerated() {
            // A sequence has a state at a lag up to its length.
            let lag = lengths.steps - t
            let count = lengths.values.count { $0 >= lag }
            #expect(row["lag"] == "\(lag)" && row["sequences"] == "\(count)", "\(row["t"] ?? "")")
            #expect(Double(row["log10_grad_h_mean"] ?? "")?.isFinite ?? false)
          }
        }
      }
    }
    #expect(hasDifferent)
  }

  /// Each sequence alone gives the norms of its own gradient; their mean over those that have a lag is the row's.
  @Test func meansAreOverTheSequencesThatHaveALag() throws {
    let trial = try #require(
      try SweepSpecification.parse(
        text: Self.small, file: "n.yaml",
        overrides: [
          "min_length=2", "layers=2", "bidirectional=false", "clip=none", "cells=lstm", "seeds=[1]",
        ]
      ).trials.first)
    let problem = try TrialRunner().problem(trial, in: Double.self).problem
    let lengths = try #require(problem.inputs.shape.lengths)
    let loss = try #require(problem.loss as? FinalDotLoss<Double>)
    guard case .gradients(let together) = problem.diagnose() else {
      Issue.record("diverged")
      return
    }
    let shape = SequenceShape(steps: lengths.steps, batch: 4, inputSize: 3, hiddenSize: 6, lengths: lengths)
    let x = problem.inputs.inputs.dense
    var sums = Array(repeating: (sum: 0.0, count: 0), count: lengths.steps + 1)
    for (b, length) in lengths.values.enumerated() {
      let own = (shape.start(of: b) + 1...lengths.steps).flatMap { t in
        let row = shape.firstRow(of: t) + b
        return x[row * 3..<(row + 1) * 3]
      }
      var single = problem
      single.inputs = NetworkInputs(shape: BatchShape(steps: length, batch: 1), inputs: .dense(Array(own)))
      single.loss = FinalDotLoss(direction: loss.direction)
      guard case .gradients(let alone) = single.diagnose() else { continue }
      for (t, norm) in alone.steps.hidden.enumerated() {
        let place = lengths.steps - length + t
        sums[place] = (sums[place].sum + norm, sums[place].count + 1)
      }
    }
    let means = sums.map { $0.sum / Double($0.count) }
    #expect(difference(together.steps.hiddenMean, means, absolute: 1e-9) == nil)
  }

  // MARK: - Encoder and decoder

  @Test func anEncoderAndItsDecoderAreOneWay() async throws {
    let directory = try TemporaryDirectory()
    let run = try await run(
      "name: e\ntask: {kind: reversal}\ncells: [rnn, lstm]\nhidden_size: 5\nbatch_size: 3\nsequence_length: 6\n"
        + "layers: 2\nembedding_size: 4\nprecision: float64\nseeds: 1", directory.file("run"))
    let steps = CSVRows(try directory.read("run/timesteps.csv"))
    let layers = CSVRows(try directory.read("run/layers.csv"))
    for trial in run.trials {
      let record = try #require(try run.record(trial))
      #expect(record.status == .ok)
      #expect(record.layers.map(\.place.part) == [.encoder, .encoder, .decoder, .decoder])
      let parts = layers.rows(where: ["trial": trial.id]).map { $0["part"] ?? "" }
      #expect(parts == ["encoder", "encoder", "decoder", "decoder"])
      for layer in 0...1 {
        let rows = steps.rows(where: ["trial": trial.id, "layer": "\(layer)"])
        #expect(rows.map { $0["t"] } == Self.texts(0...12))
        #expect(rows.map { $0["lag"] } == Self.texts(0...12).reversed())
        let parts = rows.map { $0["part"] ?? "" }
        #expect(
          parts.prefix(7).allSatisfy { $0 == "encoder" } && parts.dropFirst(7).allSatisfy { $0 == "decoder" })
        func table(_ part: NetworkPart) -> StepTable? {
          record.layers.first { $0.place == LayerPlace(part: part, layer: layer) }?.steps
        }
        let encoder = try #require(table(.encoder))
        let decoder = try #require(table(.decoder))
        // What arrives at the last state of the encoder's last layer is what leaves the decoder's first.
        let seam = try #require(encoder[.hidden, 6])
        let first = try #require(decoder[.hidden, 0])
        let second = try #require(decoder[.hidden, 2])
        // Below it, the encoder's layer above sends its own there.
        if layer == 1 { #expect(difference([seam], [first], absolute: 1e-9) == nil) }
        let found = [try number(rows[6], "log10_grad_h"), try number(rows[8], "log10_grad_h")]
        #expect(difference(found, [seam, second], absolute: 1e-12) == nil)
        #expect(rows[6]["log10_grad_h_immediate"] == (layer == 1 ? "-inf" : ""))
      }
      // The trial speaks of the decoder's last layer.
      #expect(record.decayRate == record.layers[3].decayRate)
    }
  }

  // MARK: - The store

  @Test func theStoreKeepsEveryLayer() async throws {
    let directory = try TemporaryDirectory()
    let run = try await run(Self.small, directory.file("run"), overrides: ["seeds=1"])
    for trial in run.trials {
      let again = TrialRunner().run(trial)
      let stored = try #require(try run.record(trial))
      #expect(stored.layers.map(\.place) == again.layers.map(\.place))
      for (a, b) in zip(stored.layers, again.layers) {
        #expect(
          a.steps?.blob == b.steps?.blob && a.decayRate == b.decayRate && a.lyapunovRate == b.lyapunovRate)
      }
      #expect(try run.record(trial, withSteps: false)?.layers.allSatisfy { $0.steps == nil } ?? false)
      let reproduction = try TrialReproduction(directory: directory.file("run"), trial: trial.id)
      #expect(reproduction.differences.isEmpty, "\(reproduction.differences.prefix(3))")
    }
  }

  @Test func shardsMergeToTheSameBytesAndRepairKeepsThem() async throws {
    let directory = try TemporaryDirectory()
    try await run(Self.small, directory.file("whole"))
    let spec = try SweepSpecification.parse(text: Self.small, file: "n.yaml")
    for index in 1...2 {
      let shard = try #require(Shard(index: index, count: 2))
      var options = SweepOptions(jobs: 1)
      options.shard = shard
      let part = try Sweep(spec, directory: directory.file("parts"), options: options)
      _ = try await part.execute()
    }
    _ = try ShardMerge(directory: directory.file("parts"))
    try await Run(directory: directory.file("parts")).exportCSV()
    let files = ["trials.csv", "timesteps.csv", "layers.csv"]
    for file in files {
      #expect(try directory.read("parts/" + file) == directory.read("whole/" + file), "\(file)")
    }
    let repair = try StoreRepair(directory: directory.file("whole"))
    #expect(repair.saved == repair.total)
    try await Run(directory: directory.file("whole")).exportCSV()
    for file in files {
      #expect(try directory.read("parts/" + file) == directory.read("whole/" + file), "\(file)")
    }
  }

  /// A changed byte of what is stored of a layer is noticed.
  @Test func layersAreProvenByTheChecksum() async throws {
    let directory = try TemporaryDirectory()
    let run = try await run(
      Self.small, directory.file("run"), overrides: ["seeds=1", "layers=3", "clip=none"])
    let trials = run.trials
    for column in ["layer_values", "layer_step_values"] {
      let row = try #require(trials.firstIndex { $0.layers == 3 })
      try await DatabaseQueue(path: directory.file("run/trials.sqlite")).write {
        try $0.execute(
          sql: """
            UPDATE trials SET \(column) = CAST(substr(\(column), 1, 8) || x'11' || substr(\(column), 10) AS BLOB)
            WHERE id = ?
            """, arguments: [trials[row].id])
      }
      #expect(throws: RunError.self) { try Run(directory: directory.file("run")).record(trials[row]) }
    }
  }

  // MARK: - Comparisons

  @Test func eachLayerIsComparedOnItsOwn() async throws {
    let directory = try TemporaryDirectory()
    let run = try await run(
      Self.small, directory.file("run"), overrides: ["clip=none", "layers=2", "seeds=4"])
    let comparison = try Comparison(run)
    let headings = comparison.groups.map(\.heading)
    #expect(headings.count == 2 + 4)
    #expect(headings.contains { $0.hasSuffix("layer 0") })
    #expect(headings.contains { $0.hasSuffix("layer 1 reverse") })
    for group in comparison.groups {
      let place = try #require(group.group.place)
      let trials = run.trials.filter {
        $0.cell == .rnn && $0.isBidirectional == group.group.trial.isBidirectional
      }
      let rates = try trials.compactMap { trial in
        try run.record(trial)?.layers.first { $0.place == place }?.decayRate
      }
      let found = group.variants.first { $0.variant.cell == .rnn }?.rate
      #expect(found == MeanInterval(rates))
    }
    let csv = CSVRows(comparison.text(.csv)).rows
    let layers = Set(csv.map { $0["layer"] ?? "" })
    #expect(csv.count == 12 && layers == ["0", "1"])
    let json = try ExactJSON.object(with: Data(comparison.text(.json).utf8)) as? [String: Any]
    let groups = try #require(json?["groups"] as? [[String: Any]])
    #expect(groups.allSatisfy { $0["layer"] is Int && $0["direction"] is String && $0["part"] == nil })
    #expect(comparison.text(.text).contains("in layer 1"))
    // Chosen layers alone; the answer is of the last of them.
    let chosen = try Comparison(run, FigureSelection(["D=2,layer=0"]))
    #expect(chosen.groups.map { $0.group.place?.direction } == [.forward, .reverse])
    #expect(chosen.groups.allSatisfy { $0.group.place?.layer == 0 && $0.group.trial.isBidirectional })
    #expect(chosen.answer.lines.first?.contains("in layer 0: ") == true)
    #expect(throws: SpecificationError.self) { try Comparison(run, FigureSelection(["layer=2"])) }
    // One layer, read forward, has neither.
    let single = try Comparison(
      try run.only(TrialSelection(["bidirectional=false"])))
    #expect(single.groups.count == 2)
  }

  /// Where depth is the axis along which an answer goes, too, and in few words where layers are many.
  @Test func theOtherLayersAreSpokenOfAtEveryDepth() async throws {
    let directory = try TemporaryDirectory()
    let deep = try await run(
      Self.small, directory.file("deep"),
      overrides: ["clip=none", "cells=rnn", "layers=1,2,6", "bidirectional=false", "seeds=3"])
    let lines = try Comparison(deep).answer.lines
    #expect(lines.count == 2 && lines[0].contains("in the last layer: "))
    let others = try #require(lines.last)
    #expect(others.contains("ayer") && !others.contains("layer 1 and layer 2"), "\(others)")
    // Of other networks, beside the last layer of their own.
    let mixed = try await run(
      Self.small, directory.file("mixed"),
      overrides: ["clip=none", "cells=rnn", "layers=2", "spectral_radius=0.5,0.9", "seeds=3"])
    #expect(
      try Comparison(mixed).answer.lines.last?.hasPrefix("Beside the last layer of the same network, ")
        == true)
    let both = try await run(
      Self.small, directory.file("both"),
      overrides: ["clip=none", "cells=rnn", "layers=1", "bidirectional=true", "seeds=3"])
    let answer = try Comparison(both).answer.lines
    #expect(answer.first?.contains(", in the forward direction: ") == true)
    #expect(answer.last?.contains("he reverse direction ") == true, "\(answer)")
  }

  @Test func theoryIsOfOneLayer() async throws {
    let directory = try TemporaryDirectory()
    try await run(Self.small, directory.file("run"), overrides: ["clip=none", "cells=rnn", "seeds=1"])
    for row in CSVRows(try directory.read("run/trials.csv")).rows {
      let isSingle = row["layers"] == "1" && row["bidirectional"] == "false"
      for column in ["predicted_log10_rho", "predicted_mean_field_low", "residual_lyapunov"] {
        #expect((row[column] == "") == !isSingle, "\(column)")
      }
    }
  }
}
