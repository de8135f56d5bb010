import Experiments
import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("The files of a diagnosis") struct DiagnosisFilesTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  /// Two layers, both directions, a loss at every step: T = 9, B = 2, I = 3, H = 3.
  private func problem(_ cell: CellKind, name: String = "net") throws -> ModelProblem {
    let model = SmallModel(cell, layers: 2, directions: 2, hiddenSize: 3, readoutSize: 4)
    let readout = try #require(model.readout)
    return ModelProblem(
      name: name, model: model.model(), steps: 9, batch: 2, inputs: SmallModel.numbers(54),
      loss: MeanSquaredErrorLoss(
        targets: SmallModel.numbers(72, seed: 2), readout: readout, placement: .everyStep))
  }

  @discardableResult
  private func write(_ problem: ModelProblem, _ preset: DiagnosisPreset) throws -> ModelDiagnosis {
    let diagnosis = try ModelDiagnosis(problem, plan: preset.plan)
    let files = try diagnosis.write(to: directory.file("out"))
    #expect(Set(files).isSuperset(of: ["timesteps.csv", "summary.json", "gradients.safetensors"]))
    #expect(try contents() == files.sorted())
    return diagnosis
  }

  private func contents() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: directory.file("out")).sorted()
  }

  private func table(_ name: String) throws -> CSVRows { CSVRows(try directory.read("out/" + name)) }

  private static let lstmTables: [(file: String, columns: String, rows: Int)] = [
    ("gates.csv", "t,lag,gate,mean,saturated_low,saturated_high,log10_grad,log10_memory", 9 * 4),
    (
      "gate_units.csv",
      "gate,unit,mean,saturated_low,saturated_high,log10_grad,log10_memory,memory_steps", 4 * 3
    ),
    ("paths.csv", "t,lag,path,log10_norm,share", 10 * 5),
    ("contributions.csv", "t,lag,gate,log10_norm,cosine", 9 * 5),
    (
      "jacobians.csv",
      "block,lag,t,log10_sigma_max,log10_sigma_min,log10_condition,effective_rank,zeros", 9 * 2
    ),
    ("singular_values.csv", "block,lag,index,log10_sigma", 9 * (3 + 6)),
    ("lyapunov.csv", "index,exponent,standard_error,decades_per_step", 6),
    ("theory.csv", "prediction,decades_per_step,measured,residual", 2),
  ]

  @Test func everyTableHasItsColumnsAndARowForEachOfItsKind() throws {
    let lstm = try problem(.lstm)
    try write(lstm, .full)
    #expect(try contents().count == 14)
    for (file, columns, rows) in Self.lstmTables {
      let table = try table(file)
      #expect(table.columns.joined(separator: ",") == "layer,direction," + columns)
      #expect(table.rows.count == 4 * rows, "\(file)")
      for (layer, direction) in [("0", "forward"), ("0", "reverse"), ("1", "forward"), ("1", "reverse")] {
        let own = table.rows(where: ["layer": layer, "direction": direction])
        #expect(own.count == rows, "\(file) \(layer) \(direction)")
      }
    }
    let steps = try table("timesteps.csv")
    #expect(steps.columns.joined(separator: ",") == TimestepsCSV.header() + ",log10_grad_x")
    #expect(Array(steps.columns.suffix(3)) == ["layer", "direction", "log10_grad_x"])
    #expect(steps.rows.count == 4 * 10)
    #expect(steps["t"] == (0..<4).flatMap { _ in (0...9).map(String.init) })
    #expect(steps["lag"] == (0..<4).flatMap { _ in (0...9).reversed().map(String.init) })
    let map = try table("two_time.csv")
    #expect(map.columns == ["layer", "direction", "source", "t", "log10_grad_h"])
    #expect(Set(map["source"]) == Set((1...9).map(String.init)))
    // The last layer's forward direction sees the loss of step s at t = 0…s.
    #expect(
      map.rows(where: ["layer": "1", "direction": "forward", "source": "4"]).map { $0["t"] }
        == (0...4).map(String.init))
    #expect(
      map.rows(where: ["layer": "1", "direction": "reverse", "source": "4"]).map { $0["t"] }
        == (0...6).map(String.init))
  }

  @Test func whatDoesNotExistIsAnEmptyField() throws {
    try write(try problem(.lstm), .full)
    let steps = try table("timesteps.csv")
    for column in ["spectral_radius", "forget_bias", "seed", "input_scale", "initializer", "log10_grad_a_hh"]
    {
      #expect(Set(steps[column]) == [""], "\(column)")
    }
    #expect(Set(steps["log10_grad_a_z"]) == [""])
    for row in steps.rows {
      for column in ["log10_grad_a", "log10_grad_w_hh", "log10_grad_b", "log10_grad_a_f"] {
        #expect((row[column] == "") == (row["t"] == "0"), "\(column)")
      }
    }
    for file in ["gates.csv", "gate_units.csv"] {
      for row in try table(file).rows {
        #expect((row["log10_memory"] == "") == (row["gate"] != "f"))
        #expect(row["mean"] != "" && row["log10_grad"] != "")
      }
    }
    for file in try contents() where file.hasSuffix(".csv") {
      #expect(try !directory.read("out/" + file).contains("nan"), "\(file)")
    }
  }

  @Test func aPlainRNNHasOneBlockAndNoCellState() throws {
    try write(try problem(.rnn), .full)
    #expect(try !contents().contains("paths.csv"))
    let units = try table("gate_units.csv")
    #expect(units["gate"] == Array(repeating: "a", count: 12))
    #expect(Set(units["memory_steps"]) == [""])
    #expect(Set(try table("contributions.csv")["gate"]) == ["all"])
    #expect(Set(try table("jacobians.csv")["block"]) == ["hidden"])
    #expect(
      try table("theory.csv").rows(where: ["layer": "1", "direction": "reverse"]).map { $0["prediction"] }
        == ["log10_rho", "pascanu_bound", "mean_field_low", "mean_field_high", "lyapunov"])
    for row in try table("timesteps.csv").rows { #expect(row["log10_grad_c"] == "") }
    let states = try SafetensorsFile(contentsOf: directory.file("out/states.safetensors"))
    #expect(states.names == ["hidden_l0", "hidden_l0_reverse", "hidden_l1", "hidden_l1_reverse"])
    #expect(states["hidden_l1"]?.shape == [10, 3])
  }

  @Test func tablesOfAnEarlierDiagnosisGo() throws {
    try write(try problem(.lstm), .full)
    try write(try problem(.rnn), .standard)
    #expect(try !contents().contains("paths.csv"))
    try write(try problem(.lstm), .light)
    // What is measured at any rate: norms, spectra, and predictions from them, of which an LSTM has none.
    #expect(
      try contents() == ["elements.csv", "gradients.safetensors", "summary.json", "timesteps.csv"])
  }

  @Test func gradientsBearPyTorchsNamesAndShapes() throws {
    let diagnosis = try write(try problem(.gru), .light)
    let file = try SafetensorsFile(contentsOf: directory.file("out/gradients.safetensors"))
    let layers = ["l0", "l0_reverse", "l1", "l1_reverse"]
    #expect(
      file.names.sorted()
        == (layers.flatMap { l in ["weight_ih_", "weight_hh_", "bias_ih_", "bias_hh_"].map { $0 + l } }
        + ["readout.weight", "readout.bias"]).sorted())
    #expect(file["weight_ih_l0"]?.shape == [9, 3])
    #expect(file["weight_ih_l1_reverse"]?.shape == [9, 6])
    #expect(file["readout.weight"]?.shape == [4, 6])
    for entry in diagnosis.gradients.entries {
      let norm = Double.euclideanNorm(file[entry.name]?.doubles() ?? [])
      #expect(difference([log10(norm)], [entry.gradient.norm.log10], absolute: 1e-12) == nil, "\(entry.name)")
    }
  }

  // MARK: - summary.json

  private func summary() throws -> [String: Any] {
    let data = Data(try directory.read("out/summary.json").utf8)
    return try #require(try ExactJSON.object(with: data) as? [String: Any])
  }

  @Test(arguments: [CellKind.lstm, .rnn, .gru]) func theSummaryIsJSONWithFixedKeys(_ cell: CellKind) throws {
    try write(try problem(cell, name: "a \"quoted\"\n\\ n\u{1}ame é"), .full)
    let summary = try summary()
    #expect(summary["name"] as? String == "a \"quoted\"\n\\ n\u{1}ame é")
    #expect(
      Set(summary.keys) == [
        "name", "cell", "layer_count", "bidirectional", "sequence_length", "batch_size", "input_size",
        "hidden_size",
        "loss", "log10_total_grad_norm", "log10_global_grad_norm", "clipping", "layers", "seconds",
      ])
    #expect(summary["layer_count"] as? Int == 2 && summary["bidirectional"] as? Bool == true)
    let layers = try #require(summary["layers"] as? [[String: Any]])
    #expect(
      layers.map { "\($0["layer"] ?? "") \($0["direction"] ?? "")" } == [
        "0 forward", "0 reverse", "1 forward", "1 reverse",
      ])
    var keys: Set = [
      "layer", "direction", "log10_ratio_first_last", "decay_rate", "decay_rate_r2", "half_life", "horizon",
      "weight_hh_spectrum", "cancellation_ratio", "lyapunov", "predicted_rate", "two_time_decay_rate",
    ]
    if cell == .lstm { keys.formUnion(["cell_horizon"]) }
    if cell != .rnn { keys.formUnion(["memory_gate_decades_per_step"]) }
    for layer in layers { #expect(Set(layer.keys) == keys) }
  }

  @Test func oneLayersResultsStandAtTheTopToo() throws {
    let model = SmallModel(.rnn)
    let problem = ModelProblem(
      name: "one", model: model.model(), steps: 12, batch: 2, inputs: SmallModel.numbers(72),
      loss: FinalDotLoss(direction: [1, 1, 1, 1]))
    let diagnosis = try write(problem, .light)
    let summary = try summary()
    let layer = try #require((summary["layers"] as? [[String: Any]])?.first)
    for key in ["decay_rate", "decay_rate_r2", "log10_ratio_first_last"] {
      let value = try #require(summary[key] as? Double)
      #expect(value == layer[key] as? Double, "\(key)")
    }
    #expect(summary["decay_rate"] as? Double == diagnosis.layers[0].decay?.rate)
    #expect(
      (summary["weight_hh_spectrum"] as? [String: Any])?["spectral_radius"] as? [Double] == [
        diagnosis.layers[0].spectra[0].spectralRadius
      ])
  }

  // MARK: - Writing

  @Test func aPlaceThatCannotBeWrittenIsNamedAndLeftAsItWas() throws {
    let diagnosis = try ModelDiagnosis(try problem(.rnn), plan: DiagnosisPreset.light.plan)
    #expect {
      try diagnosis.write(to: "/proc/none/out")
    } throws: { error in
      guard case RunError.cannotWrite(let path, _) = error else { return false }
      return path == "/proc/none/out"
    }
    let file = try directory.write("text", to: "file")
    #expect(throws: RunError.self) { try diagnosis.write(to: file) }
    #expect(throws: RunError.self) { try diagnosis.write(to: file + "/out") }
    #expect(throws: RunError.self) { try diagnosis.write(to: "") }
    #expect(try directory.read("file") == "text")
  }

  /// A folder where a file is to be: the error names it, and every file stays as it was.
  @Test(arguments: [
    "timesteps.csv", "summary.json", "gradients.safetensors", "gates.csv", "states.safetensors",
    "two_time.csv",
  ])
  func nothingIsWrittenWhereOneFileCannotBe(_ name: String) throws {
    let diagnosis = try ModelDiagnosis(try problem(.rnn))
    let out = directory.file("out")
    _ = try diagnosis.write(to: out)
    try? FileManager.default.removeItem(atPath: out + "/" + name)
    try FileManager.default.createDirectory(
      atPath: out + "/" + name + "/inside", withIntermediateDirectories: true)
    func files() throws -> [String: Data?] {
      Dictionary(
        uniqueKeysWithValues: try contents().map {
          ($0, FileManager.default.contents(atPath: out + "/" + $0))
        })
    }
    let before = try files()
    let error = #expect(throws: RunError.self) { try diagnosis.write(to: out) }
    // Without a summary it is not known to be a diagnosis.
    #expect(error?.description.contains(name == "summary.json" ? "not a diagnosis" : name) == true)
    #expect(try files() == before)
  }

  // MARK: - A case and the same as model files

  @Test(arguments: ReferenceCases.names) func aCaseAndItsFilesGiveTheSameSteps(_ name: String) throws {
    let path = ReferenceCases.path(name)
    let reference = try ReferenceCase(directory: path)
    var request = ModelFilesRequest(model: path + "/weights.safetensors", inputs: path + "/inputs.npy")
    request.targets = path + "/targets.npy"
    request.loss = reference.loss
    if reference.initialState != nil {
      request.initialHidden = path + "/h0.npy"
      if reference.cell.carriesCellState { request.initialCell = path + "/c0.npy" }
    }
    request.nonlinearity = Activation.allCases.first { $0.cell == reference.cell }
    request.layoutOfBatch = .timeFirst
    var problem = try request.read().problem
    #expect(problem.name == "weights")
    problem.modules[0].name = name
    for (folder, problem) in [("case", StackProblem(reference)), ("files", problem)] {
      try problem.diagnoses(plan: DiagnosisPreset.light.plan)[0].write(to: directory.file(folder))
    }
    for file in ["timesteps.csv", "gradients.safetensors"] {
      #expect(
        FileManager.default.contents(atPath: directory.file("case/" + file))
          == FileManager.default.contents(atPath: directory.file("files/" + file)), "\(file)")
    }
  }
}
