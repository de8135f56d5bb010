import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("gradflow diagnose") struct DiagnoseCommandTests {
  private let program: BuiltProgram
  private let directory: TemporaryDirectory

  init() throws {
    program = try BuiltProgram()
    directory = try TemporaryDirectory()
  }

  /// Two layers read in both directions, on T = 12, B = 2.
  private static let stack = SmallModel(.lstm, layers: 2, directions: 2, readoutSize: 5)

  private func diagnose(
    _ arguments: [String] = [], model: SmallModel = Self.stack, inputs: [Int] = [12, 2, 3],
    environment: [String: String?] = [:],
    changed: (RecurrentParameters<Double>) -> RecurrentParameters<Double> = { $0 }
  ) throws -> BuiltProgram.Outcome {
    let path = try directory.write(model, changed: changed)
    let x = try directory.write(numbers: inputs, to: "x.npy")
    return try program.run(
      ["diagnose", path, "--inputs", x, "--no-figures"]
        + (arguments.contains("--batch-first") ? [] : ["--time-first"]) + arguments, in: directory.path,
      environment: environment)
  }

  private func files(_ folder: String = "model-diagnosis") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: directory.file(folder)).sorted()
  }

  private func expectOneLine(
    _ outcome: BuiltProgram.Outcome, _ status: Int32, _ message: String
  ) {
    #expect(outcome.status == status, "\(outcome.errors)")
    #expect(outcome.output.isEmpty)
    // Notes on the model may stand before it.
    let lines = outcome.errors.split(separator: "\n").drop { !$0.hasPrefix("gradflow: ") }
    #expect(lines.count == 1 && lines.first?.contains(message) == true, "\(outcome.errors)")
  }

  // MARK: - What is written and said

  @Test func writesBesideTheWorkAndSaysWhatItFound() throws {
    let outcome = try diagnose()
    #expect(outcome.status == 0 && outcome.output.isEmpty, "\(outcome.errors)")
    #expect(outcome.errors.contains("loss: final-sum, since there are no targets"))
    #expect(outcome.errors.contains("model: lstm, 2 layers, both directions, H = 4, T = 12, B = 2, loss "))
    for label in ["layer 0 forward", "layer 0 reverse", "layer 1 forward", "layer 1 reverse"] {
      #expect(outcome.errors.contains("\n\(label)\n"))
    }
    #expect(outcome.errors.contains("  → "))
    #expect(!outcome.errors.contains("\u{1B}"))
    for file in try files() { #expect(outcome.errors.contains(file)) }
    #expect(try files().count == 13)
  }

  @Test func jsonIsAllThatStandsOnStandardOutput() throws {
    for arguments in [["--json"], ["--json", "--quiet"]] {
      let outcome = try diagnose(arguments)
      #expect(outcome.status == 0)
      #expect(try outcome.output == directory.read("model-diagnosis/summary.json"))
      let object = try ExactJSON.object(with: Data(outcome.output.utf8)) as? [String: Any]
      #expect(object?["layer_count"] as? Int == 2)
      #expect(outcome.errors.isEmpty == arguments.contains("--quiet"))
    }
  }

  @Test func quietSaysNothing() throws {
    let outcome = try diagnose(["-q"])
    #expect(outcome.status == 0 && outcome.output.isEmpty && outcome.errors.isEmpty)
    #expect(try files().contains("timesteps.csv"))
  }

  @Test func presetsWriteMoreAndMoreAndALighterOneClearsUp() throws {
    _ = try diagnose(["--preset", "full"])
    let full = try CSVRows(directory.read("model-diagnosis/lyapunov.csv")).rows.count
    #expect(full == 4 * 8)
    _ = try diagnose(["--preset", "light"])
    #expect(
      try files() == ["elements.csv", "gradients.safetensors", "summary.json", "timesteps.csv"])
  }

  @Test func withoutColourNothingChanges() throws {
    let plain = try diagnose(["--preset", "light"])
    let colourless = try diagnose(["--preset", "light"], environment: ["NO_COLOR": "1", "TERM": "dumb"])
    #expect(plain.status == 0 && plain.errors == colourless.errors)
  }

  @Test func theDirectoryBearsTheNameOfWhatWasGiven() throws {
    _ = try diagnose(["-o", "deep/er/out"])
    #expect(try files("deep/er/out").contains("summary.json"))
    // A case may call itself anything: what it is called in `case.json` is no path.
    let folder = directory.file("mine")
    try FileManager.default.copyItem(atPath: ReferenceCases.path("rnn_tanh_one_step"), toPath: folder)
    let text = try directory.read("mine/case.json")
    for name in ["../../outside", "", "a/b", "\\u0000"] {
      _ = try directory.write(
        text.replacingOccurrences(of: "\"rnn_tanh_one_step\"", with: "\"\(name)\""), to: "mine/case.json")
      for given in ["mine", "mine/", "./mine", folder] {
        let outcome = try program.run(
          ["diagnose", "--case", given, "--no-figures", "-q", "--preset", "light"], in: directory.path)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(
          try files("mine-diagnosis") == [
            "elements.csv", "gradients.safetensors", "summary.json", "theory.csv", "timesteps.csv",
          ]
        )
      }
    }
    #expect(
      try directory.contents() == ["deep", "mine", "mine-diagnosis", "model.safetensors", "x.npy"])
  }

  @Test func optionsReachTheModel() throws {
    let h0 = try directory.write(numbers: [4, 2, 4], to: "h0.npy")
    let c0 = try directory.write(numbers: [4, 2, 4], to: "c0.npy")
    let y = try directory.write(classes: [2, 12], below: 5, to: "y.npy")
    let outcome = try diagnose(
      [
        "--targets", y, "--loss", "cross-entropy-every-step", "--batch-first", "--h0", h0, "--c0", c0,
        "--layout", "pytorch", "--readout", "readout", "--element", "1", "--transient", "3", "--json", "-q",
      ], inputs: [2, 12, 3])
    #expect(outcome.status == 0, "\(outcome.errors)")
    let object = try ExactJSON.object(with: Data(outcome.output.utf8)) as? [String: Any]
    #expect(object?["sequence_length"] as? Int == 12)
    let layer = (object?["layers"] as? [[String: Any]])?.first?["lyapunov"] as? [String: Any]
    #expect(layer?["batch_element"] as? Int == 1 && layer?["transient"] as? Int == 3)
    #expect(try files().contains("two_time.csv"))
  }

  // MARK: - Exit codes

  @Test func usageErrorsAre64() throws {
    let path = try directory.write(Self.stack)
    for arguments in [
      [], [path], [path, "--case", "x", "--inputs", "x"], ["--case", "x", "--inputs", "x"],
      ["--case", "x", "--loss", "final-sum"], ["--case", "x", "--batch-first"], ["--case", "x", "--c0", "x"],
      ["--case", "x", "--transient", "-1"], [path, "--inputs", "x", "--transient=-1"],
      [path, "--inputs", "x", "--loss", "mse"], [path, "--inputs", "x", "--preset", "most"],
      [path, "--inputs", "x", "--clip", "value"], [path, "--inputs", "x", "--clip", "none:1"],
      [path, "--inputs", "x", "--clip", "value:0"], [path, "--inputs", "x", "--clip", "value:nan"],
      [path, "--inputs", "x", "--clip", "value:1:2"], [path, "--inputs", "x", "--clip", ""],
      [path, "--inputs", "x", "--element", "one"], [path, "--inputs", "x", "--reads", "all"],
    ] {
      let outcome = try program.run(["diagnose"] + arguments, in: directory.path)
      #expect(outcome.status == 64, "\(arguments): \(outcome.status) \(outcome.errors)")
      #expect(outcome.output.isEmpty)
    }
    #expect(try directory.contents() == ["model.safetensors"])
  }

  @Test func badDataIs65AndNamed() throws {
    expectOneLine(
      try diagnose(inputs: [12, 2, 4]), 65, "x.npy: has shape [12, 2, 4]; the model reads [T, B, 3]")
    expectOneLine(try diagnose(["--prefix", "encoder."]), 65, "model.safetensors")
    expectOneLine(try diagnose(["--nonlinearity", "relu"]), 65, "only plain RNNs have a choice")
    for element in ["2", "-1", "\(Int.max)", "\(Int.min)"] {
      expectOneLine(
        try diagnose(["--element=\(element)"]), 65,
        "model: no batch element \(element); the batch has 2, counted from 0")
    }
    let text = try directory.write("no model", to: "model.npz")
    let x = directory.file("x.npy")
    expectOneLine(try program.run(["diagnose", text, "--inputs", x]), 65, "model.npz")
    #expect(try directory.contents() == ["model.npz", "model.safetensors", "x.npy"])
  }

  @Test func aMissingFileIs66() throws {
    expectOneLine(
      try diagnose(["--loss", "final-mse"]), 66,
      "final-mse needs targets [B, O], or [B] where O = 1: give --targets")
    for option in ["--targets", "--h0", "--c0", "--inputs"] {
      expectOneLine(try diagnose([option, "/no/such.npy"]), 66, "/no/such.npy: no such file")
    }
    let x = directory.file("x.npy")
    expectOneLine(try program.run(["diagnose", "/no/such", "--inputs", x]), 66, "/no/such: no such file")
  }

  @Test func aPlaceThatCannotBeWrittenIs73() throws {
    let file = try directory.write("text", to: "file")
    for place in ["/proc/none/out", file, file + "/out", ""] {
      let outcome = try diagnose(["-o", place, "-q", "--preset", "light"])
      #expect(outcome.status == 73, "\(place): \(outcome.errors)")
      #expect(outcome.errors.contains(place.isEmpty ? "the name of the directory is empty" : place))
      #expect(outcome.output.isEmpty)
    }
    #expect(try directory.read("file") == "text")
  }

  // MARK: - Unusual models

  @Test func theSmallestSizesAreDiagnosed() throws {
    for (hidden, inputs) in [(1, [1, 1, 3]), (1, [12, 3]), (4, [1, 2, 3]), (1, [2, 3])] {
      let model = SmallModel(.lstm, layers: 2, directions: 2, hiddenSize: hidden)
      let outcome = try diagnose(["--preset", "full"], model: model, inputs: inputs)
      #expect(outcome.status == 0, "\(hidden) \(inputs): \(outcome.errors)")
    }
  }

  private func weights(
    _ factor: Double, bias: Double = 0
  ) -> (RecurrentParameters<Double>) -> RecurrentParameters<Double> {
    { given in
      let zeros = given.biasIH.map { _ in bias }
      return RecurrentParameters(
        weightIH: given.weightIH.scaled(by: factor), weightHH: given.weightHH.scaled(by: factor),
        biasIH: zeros, biasHH: zeros)
    }
  }

  @Test(arguments: [CellKind.rnn, .rnnRelu, .rnnLinear, .lstm, .gru])
  func weightsOfAnySizeEndInAResultOrAMessage(_ cell: CellKind) throws {
    let model = SmallModel(cell, layers: 2, directions: 2)
    for factor in [0, 1e-200, 50, 1e120, 1e200] {
      let outcome = try diagnose(["--preset", "full"], model: model, changed: weights(factor))
      if outcome.status != 0 { expectOneLine(outcome, 65, factor == 0 ? "never" : "model: ") }
    }
  }

  @Test func zeroWeightsHaveNoGradientBack() throws {
    let outcome = try diagnose(model: SmallModel(.rnn), changed: weights(0))
    #expect(outcome.status == 0)
    #expect(outcome.errors.contains("→ no gradient reaches back: every norm but the last is exactly zero"))
    let steps = CSVRows(try directory.read("model-diagnosis/timesteps.csv"))
    #expect(steps["log10_grad_h"].dropLast().allSatisfy { $0 == "-inf" })
  }

  @Test func deadUnitsAreDiagnosed() throws {
    let outcome = try diagnose(
      ["--preset", "full"], model: SmallModel(.rnnRelu, layers: 2), changed: weights(1, bias: -100))
    #expect(outcome.status == 0, "\(outcome.errors)")
    let values = CSVRows(try directory.read("model-diagnosis/singular_values.csv"))
    #expect(Set(values["log10_sigma"]) == ["-inf"])
  }

  @Test func aDivergingStateIsRefusedWithItsStep() throws {
    let outcome = try diagnose(model: SmallModel(.rnnLinear), changed: weights(1e200))
    expectOneLine(
      outcome, 65,
      "model: the hidden state of layer 0 (forward) leaves the float64 range at step 2, so there are no gradients"
    )
    #expect(try !directory.contents().contains("model-diagnosis"))
  }

  @Test func explodingGradientsAreNumbers() throws {
    // 1e5 a step over 100 steps: beyond float64, but no state is, for there is no input.
    let outcome = try diagnose(
      ["--preset", "light"], model: SmallModel(.rnnLinear), inputs: [100, 1, 3]
    ) { given in
      RecurrentParameters(
        weightIH: given.weightIH.scaled(by: 0), weightHH: Matrix<Double>.identity(4).scaled(by: 1e5),
        biasIH: given.biasIH.map { _ in 0 }, biasHH: given.biasHH.map { _ in 0 })
    }
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("→ explodes: as its spectral radius alone predicts"))
    let steps = CSVRows(try directory.read("model-diagnosis/timesteps.csv"))
    let last = try #require(steps.numbers("log10_grad_h")[0])
    #expect(abs(last - (500 + log10(2))) < 1e-9)
    let gradients = try SafetensorsFile(
      contentsOf: directory.file("model-diagnosis/gradients.safetensors"))
    #expect(gradients.metadata["bias_ih_l0.log10_norm"].flatMap(Double.init).map { $0 > 400 } == true)
  }

  // MARK: - Captures

  private func capture(_ name: String, _ arguments: [String] = []) throws -> BuiltProgram.Outcome {
    try program.run(
      ["diagnose", Captures.path(name), "--preset", "light", "-o", directory.file("out")] + arguments,
      in: directory.path)
  }

  @Test func aCaptureIsComparedAndReportedModuleByModule() throws {
    let outcome = try capture("tagger", ["--no-figures", "--json"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(
      outcome.errors.contains(
        "lstm: agrees with automatic differentiation (within 1e-09): largest relative difference of outputs ")
    )
    #expect(try files("out") == ["cell", "lstm", "summary.json"])
    #expect(try files("out/lstm").contains("tokens.csv"))
    let object = try ExactJSON.object(with: Data(outcome.output.utf8)) as? [String: Any]
    let checks = object?["checks"] as? [[String: Any]]
    #expect(checks?.map { $0["name"] as? String } == ["lstm", "cell"])
    #expect(checks?.allSatisfy { ($0["check"] as? [String: Any])?["agrees"] as? Bool == true } == true)
    // Again, over what it wrote.
    #expect(try capture("tagger", ["--no-figures", "-q", "--module", "cell"]).status == 0)
  }

  @Test func aSeriesOfCapturesDrawsWhatATrainingDraws() throws {
    let outcome = try capture("series", ["--format", "svg"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("Wrote evolution.csv, updates.csv of 3 updates"))
    for figure in ["evolution", "norms"] {
      #expect(try files("out/figures").contains("\(figure).svg"))
    }
    let first = try capture("series", ["--update", "0", "--no-figures"])
    #expect(
      first.status == 0 && first.errors.contains("update 0 (captured: 0 to 4, every 2)")
        && first.errors.contains("T = 5, B = 3"))
  }

  @Test func modulesThatAreNotReportedShowInTheExitCode() throws {
    let some = try capture("projected", ["--no-figures"])
    #expect(
      some.status == 1 && some.errors.contains("lstm: not reported: its states are projected (proj_size)"))
    let quiet = try capture("projected", ["--no-figures", "-q"])
    #expect(quiet.status == 1 && quiet.errors.hasPrefix("lstm: not reported: "))
    let none = try capture("nan", ["--no-figures"])
    #expect(none.status == 65 && none.errors.contains("capture an earlier update"))
  }

  @Test func optionsOfModelsAndOfCapturesAreNotMixed() throws {
    for (arguments, word) in [
      ([Captures.path("tagger"), "--inputs", "x.npy"], "omit --inputs"),
      ([Captures.path("tagger"), "--head", "fc"], "omit --head"),
      (["model.safetensors", "--inputs", "x.npy", "--update", "3"], "are of captures"),
      ([directory.path], "a folder without capture.json"),
      (["model.safetensors", "--inputs", "x.npy", "--batch-first", "--time-first"], "not both"),
      (["model.safetensors", "--inputs", "x.npy", "--prefix", "a", "--stack", "a,b"], "not both"),
    ] {
      let outcome = try program.run(["diagnose"] + arguments, in: directory.path)
      #expect(outcome.status == 64 && outcome.errors.contains(word), "\(arguments): \(outcome.errors)")
    }
  }

  // MARK: - What else is written

  @Test func gradientsOfEveryStateAreWrittenOnRequest() throws {
    let outcome = try diagnose(["--preset", "light", "--save-gradients"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    let file = try SafetensorsFile(contentsOf: directory.file("model-diagnosis/state_gradients.safetensors"))
    #expect(file.names.count == 4)
    let rows = try #require(file["grad_hidden_l1"]).doubles()
    #expect(file["grad_hidden_l1"]?.shape == [13, 2, 4])
    let csv = CSVRows(try directory.read("model-diagnosis/timesteps.csv"))
    let norms = csv.rows(where: ["layer": "1", "direction": "forward"]).map {
      $0["log10_grad_h"].flatMap(Double.init)
    }
    for t in 0...12 {
      let norm = Double.euclideanNorm(Array(rows[t * 8..<(t + 1) * 8]))
      #expect((log10(norm) - (try #require(norms[t]))).magnitude < 1e-12, "t = \(t)")
    }
    #expect(csv.columns.suffix(3) == ["layer", "direction", "log10_grad_x"])
  }
}
