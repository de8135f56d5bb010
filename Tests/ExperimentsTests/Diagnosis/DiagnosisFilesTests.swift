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
    #expect(try contents().count == 13)
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
    #expect(steps.columns.joined(separator: ",") == TimestepsCSV.header)
    #expect(Array(steps.columns.suffix(2)) == ["layer", "direction"])
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
    #expect(try contents() == ["gradients.safetensors", "summary.json", "timesteps.csv"])
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
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
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
    #expect(error?.description.contains(name == "summary.json" ? "no diagnosis" : name) == true)
    #expect(try files() == before)
  }

  // MARK: - A case and the same as model files

  @Test(arguments: ReferenceCases.names) func aCaseAndItsFilesGiveTheSameSteps(_ name: String) throws {
    let path = ReferenceCases.path(name)
    let reference = try ReferenceCase(directory: path)
    var request = ModelFilesRequest(model: path + "/weights.safetensors", inputs: path + "/inputs.npy")
    request.targets = path + "/targets.npy"
    switch reference.loss {
    case .finalDot: request.loss = .finalDot
    case .finalMeanSquaredError: request.loss = .finalMeanSquaredError
    case .crossEntropyEveryStep: request.loss = .crossEntropyEveryStep
    case .crossEntropyFinal: request.loss = .crossEntropyFinal
    }
    if reference.initialState != nil {
      request.initialHidden = path + "/h0.npy"
      if reference.cell.carriesCellState { request.initialCell = path + "/c0.npy" }
    }
    request.nonlinearity = Nonlinearity.allCases.first { $0.cell == reference.cell }
    var problem = try request.read().problem
    #expect(problem.name == "weights")
    problem.name = name
    for (folder, problem) in [("case", ModelProblem(reference)), ("files", problem)] {
      try ModelDiagnosis(problem, plan: DiagnosisPreset.light.plan).write(to: directory.file(folder))
    }
    for file in ["timesteps.csv", "gradients.safetensors"] {
      #expect(
        FileManager.default.contents(atPath: directory.file("case/" + file))
          == FileManager.default.contents(atPath: directory.file("files/" + file)), "\(file)")
    }
  }
}

@Suite("The report of a diagnosis") struct DiagnosisReportTests {
  private func report(
    _ model: SmallModel, steps: Int = 12, everyStep: Bool = false, preset: DiagnosisPreset = .standard,
    _ change: (RecurrentParameters<Double>) -> RecurrentParameters<Double> = { $0 }
  ) throws -> String {
    let readout = Readout<Double>(
      weight: .identity(model.outputSize), bias: Array(repeating: 0, count: model.outputSize))
    let problem = ModelProblem(
      name: "net", model: model.model(change), steps: steps, batch: 2, inputs: SmallModel.numbers(steps * 6),
      loss: everyStep
        ? MeanSquaredErrorLoss(
          targets: SmallModel.numbers(steps * 2 * model.outputSize, seed: 2), readout: readout,
          placement: .everyStep)
        : FinalDotLoss(direction: Array(repeating: 1, count: model.outputSize)))
    let text = try ModelDiagnosis(problem, plan: preset.plan).report
    #expect(text.hasSuffix("\n") && !text.contains(" \n") && !text.contains("nan") && !text.contains("inf"))
    return text
  }

  @Test(arguments: CellKind.allCases, DiagnosisPreset.allCases)
  func everyLayerHasItsVerdict(_ cell: CellKind, _ preset: DiagnosisPreset) throws {
    let text = try report(SmallModel(cell, layers: 2, directions: 2), everyStep: true, preset: preset)
    #expect(text.hasPrefix("net: \(cell.rawValue), 2 layers, both directions, H = 4, T = 12, B = 2, loss "))
    for label in ["layer 0 forward", "layer 0 reverse", "layer 1 forward", "layer 1 reverse"] {
      #expect(text.contains("\n\(label)\n"))
    }
    #expect(text.components(separatedBy: "\n  → ").count == 5, "\(text)")
    #expect(text.contains("note: a loss sits at every step"))
    #expect(text.contains("The single losses show it.") == (preset != .light))
  }

  private func scaled(_ factor: Double) -> (RecurrentParameters<Double>) -> RecurrentParameters<Double> {
    {
      var parameters = $0
      parameters.weightHH = Matrix<Double>.identity(4).scaled(by: factor)
      return parameters
    }
  }

  @Test func aLinearNetworkDoesAsItsRadiusSays() throws {
    for (factor, verdict) in [(0.5, "vanishes"), (1.0, "survives"), (2.0, "explodes")] {
      let text = try report(SmallModel(.rnnLinear), scaled(factor))
      #expect(text.contains("→ \(verdict): as its spectral radius alone predicts"), "\(text)")
    }
  }

  @Test func withoutRecurrentWeightsNothingReachesBack() throws {
    #expect(
      try report(SmallModel(.rnn), scaled(0)).contains(
        "→ no gradient reaches back: every norm but the last is exactly zero"))
    // A loss at every step leaves no norm at zero; its single terms tell.
    let every = try report(SmallModel(.rnn), everyStep: true, scaled(0))
    #expect(every.contains("→ no gradient reaches back: every single loss ends at its own step"), "\(every)")
  }

  /// The reverse direction begins with what the loss reads: nothing is before it, and nothing is zero "but the last".
  @Test func aLossAtTheFirstStepAloneHasNoWayBack() throws {
    let model = SmallModel(.rnn, directions: 2)
    var problem = ModelProblem(
      name: "net", model: model.model(), steps: 12, batch: 2, inputs: SmallModel.numbers(12 * 6),
      loss: FinalDotLoss(direction: Array(repeating: 1, count: model.outputSize)))
    problem.reading = .lastOutput
    let text = try ModelDiagnosis(problem, plan: DiagnosisPreset.standard.plan).report
    #expect(
      text.contains(
        "→ no way back: the loss reads the first step alone, and every later norm is exactly zero"), "\(text)"
    )
    #expect(!text.contains("every norm but the last"))
  }

  /// A norm that falls first and then grows is not halved, and one whose slope and ends disagree does neither.
  @Test func theWordsFitTheNumbers() throws {
    func text(_ entries: [Double], steps: Int) throws -> String {
      try report(SmallModel(.rnnLinear, hiddenSize: 2), steps: steps) {
        var parameters = $0
        parameters.weightHH = Matrix(rows: 2, columns: 2, values: entries)
        return parameters
      }
    }
    // (1, 1) W = (0.1, 0.2), after which the eigenvalue 2.8 takes over.
    let dipping = try text([1.5, -1.3, -1.4, 1.5], steps: 12)
    #expect(dipping.contains("→ explodes"), "\(dipping)")
    #expect(dipping.contains("below half after 1, above it again later"), "\(dipping)")
    #expect(!dipping.contains("halved after"), "\(dipping)")
    // 0.995 a step takes ten decades in 4,600 steps.
    let slow = try text([0.995, 0, 0, 0.995], steps: 5000)
    #expect(slow.contains("→ vanishes"), "\(slow)")
  }

  @Test func rectifiedUnitsAreOffAndLinearOnesAreNeither() throws {
    let relu = try report(SmallModel(.rnnRelu))
    #expect(relu.contains(" % off)") && !relu.contains("% low"), "\(relu)")
    let linear = try report(SmallModel(.rnnLinear))
    #expect(!linear.contains(" off") && !linear.contains("% low"), "\(linear)")
    #expect(try report(SmallModel(.rnn)).contains("% low"))
  }

  @Test func aStateThatNeverLeavesZeroIsSaidToBeLinearised() throws {
    let model = SmallModel(.rnn)
    let still = model.model {
      var parameters = $0
      parameters.biasIH = [0, 0, 0, 0]
      parameters.biasHH = [0, 0, 0, 0]
      return parameters
    }
    let problem = ModelProblem(
      name: "net", model: still, steps: 12, batch: 2, inputs: Array(repeating: 0, count: 12 * 6),
      loss: FinalDotLoss(direction: [1, 1, 1, 1]))
    let found = try ModelDiagnosis(problem, plan: DiagnosisPreset.standard.plan)
    #expect(found.layers[0].staysAtZero && found.layers[0].predictions[.meanFieldLower] == nil)
    #expect(found.report.contains("linearised at 0"), "\(found.report)")
  }

  @Test func oneStepHasNoVerdict() throws {
    for cell in CellKind.allCases {
      #expect(try !report(SmallModel(cell), steps: 1).contains("→"))
    }
  }

  @Test func deadUnitsHaveNoGradient() throws {
    let text = try report(SmallModel(.rnnRelu)) { given in
      var parameters = given
      parameters.biasIH = Array(repeating: -1e3, count: 4)
      return parameters
    }
    #expect(text.contains("→ no gradient reaches back: every norm but the last is exactly zero"), "\(text)")
  }
}

/// Weights and inputs at the ends of the range: every measurement is made, and none ends the program.
@Suite("A diagnosis at the ends of the range") struct ExtremeDiagnosisTests {
  private func diagnose(
    _ cell: CellKind, steps: Int = 7, batch: Int = 2, hidden: Int = 3, weights: Double, inputs: Double = 1
  ) throws -> ModelDiagnosis {
    let model = SmallModel(cell, layers: 1, hiddenSize: hidden)
    let problem = ModelProblem(
      name: "net",
      model: model.model { given in
        RecurrentParameters(
          weightIH: given.weightIH.scaled(by: weights), weightHH: given.weightHH.scaled(by: weights),
          biasIH: given.biasIH.map { $0 * weights }, biasHH: given.biasHH.map { $0 * weights })
      }, steps: steps, batch: batch, inputs: SmallModel.numbers(steps * batch * 3).map { $0 * inputs },
      loss: FinalDotLoss(direction: Array(repeating: 1, count: hidden)))
    var plan = DiagnosisPreset.full.plan
    plan.element = batch - 1
    return try ModelDiagnosis(problem, plan: plan)
  }

  @Test(arguments: CellKind.allCases, [0, 1e-300, 1e-150, 1e50, 1e120, 1e160, 1e300])
  func anyWeightsAreDiagnosedOrRefused(_ cell: CellKind, _ weights: Double) throws {
    for inputs in [0, 1, 1e150, 1e300] {
      do {
        let found = try diagnose(cell, weights: weights, inputs: inputs)
        #expect(found.layers[0].steps.hidden.allSatisfy { $0 < .infinity })
        #expect(!found.report.isEmpty && !found.summary.text.contains("nan"))
      } catch let error as DiagnosisError {
        #expect(weights > 1 || inputs > 1, "\(error)")
        #expect(error.description.hasPrefix("net: "))
      } catch let error as LinearAlgebraError {
        #expect(weights > 1e100, "\(error)")
      }
    }
  }

  @Test(arguments: CellKind.allCases) func theSmallestSizesAreDiagnosed(_ cell: CellKind) throws {
    for (steps, batch, hidden) in [(1, 1, 1), (1, 3, 2), (2, 1, 1), (30, 1, 1)] {
      let found = try diagnose(cell, steps: steps, batch: batch, hidden: hidden, weights: 1)
      #expect(found.layers[0].steps.hidden.count == steps + 1)
      #expect(!found.report.isEmpty)
    }
  }

  @Test func aGateThatStaysOpenHasAMemoryWithoutEnd() throws {
    let directory = try TemporaryDirectory()
    for (bias, memory) in [(1e6, Double.infinity), (-1e6, 1e-6)] {
      let problem = ModelProblem(
        name: "net",
        model: SmallModel(.lstm, hiddenSize: 2).model { given in
          var parameters = given
          for k in 2..<4 { parameters.biasIH[k] = bias }
          return parameters
        }, steps: 5, batch: 1, inputs: SmallModel.numbers(15), loss: FinalDotLoss(direction: [1, 1]))
      try ModelDiagnosis(problem).write(to: directory.path)
      let units = CSVRows(try directory.read("gate_units.csv")).rows(where: ["gate": "f"])
      let found = units.map { Double($0["memory_steps"] ?? "") ?? .nan }
      #expect(difference(found, [memory, memory], relative: 1e-5) == nil, "\(found)")
    }
  }

  @Test func aPredictionBeyondNumbersLeavesNoResidual() throws {
    let directory = try TemporaryDirectory()
    let model = SmallModel(.rnn, readoutSize: 2)
    let problem = ModelProblem(
      name: "net",
      model: model.model { given in
        var parameters = given
        parameters.weightHH = parameters.weightHH.scaled(by: 0)
        return parameters
      }, steps: 6, batch: 1, inputs: SmallModel.numbers(18),
      loss: MeanSquaredErrorLoss(
        targets: SmallModel.numbers(12, seed: 2), readout: try #require(model.readout), placement: .everyStep)
    )
    try ModelDiagnosis(problem, plan: DiagnosisPreset.light.plan).write(to: directory.path)
    let theory = CSVRows(try directory.read("theory.csv"))
    #expect(theory.rows.count == 4)
    for row in theory.rows {
      #expect(row["decades_per_step"] == "-inf" && row["residual"] == "")
    }
  }

  @Test func anElementThatTheBatchDoesNotHaveIsRefused() throws {
    let problem = ModelProblem(
      name: "net", model: SmallModel(.gru).model(), steps: 2, batch: 2, inputs: SmallModel.numbers(12),
      loss: FinalDotLoss(direction: [1, 1, 1, 1]))
    for element in [-1, 2, .max] {
      var plan = DiagnosisPreset.light.plan
      plan.element = element
      #expect(throws: DiagnosisError.noSuchElement(model: "net", element: element, batch: 2)) {
        try ModelDiagnosis(problem, plan: plan)
      }
    }
  }
}
