import Experiments
import Foundation
import GradientFlow
import TestSupport
import Testing

/// Models as people have them: each gives the value that automatic differentiation of the whole model gives, or is refused
/// with what to do; none gives that of another model.
@Suite("Models as people have them") struct ModelCaseTests {
  private func request(
    _ folder: String, model: String = "model.safetensors", inputs: String = "x.npy",
    targets: String? = "y.npy"
  ) -> ModelFilesRequest {
    var request = ModelFilesRequest(
      model: ModelCases.path(folder, model), inputs: ModelCases.path(folder, inputs))
    request.targets = targets.map { ModelCases.path(folder, $0) }
    return request
  }

  private func light(_ request: ModelFilesRequest) throws -> [ModelDiagnosis] {
    try request.read().problem.diagnoses(plan: DiagnosisPreset.light.plan)
  }

  private func refusal(_ request: ModelFilesRequest) throws -> String {
    do {
      _ = try request.read()
      return "nothing"
    } catch {
      return "\(error)"
    }
  }

  private func isRight(
    _ found: ModelDiagnosis, _ folder: String, loss: Double?, _ location: SourceLocation = #_sourceLocation
  ) throws {
    let expected = try ModelCases.expected(folder)
    let norms = found.layers[0].steps.hidden
    #expect(norms.count == expected.count, sourceLocation: location)
    for (own, other) in zip(norms, expected) {
      // 1e-9 relative, in decades.
      #expect((own - other).magnitude < 5e-10, sourceLocation: location)
    }
    if let loss { #expect((try #require(found.loss) - loss).magnitude < 1e-6, sourceLocation: location) }
  }

  // MARK: - Equations of another kind

  @Test func batchNormalisationInsideACellIsRefused() throws {
    let message = try refusal(request("batch-norm-inside-cell", targets: nil))
    #expect(message.contains("batch normalisation inside the cell"))
  }

  @Test(arguments: ["model.safetensors", "model.npz"]) func theOnlyBiasOfACellIsThatOfItsInputs(
    _ model: String
  ) throws {
    var request = request("one-bias-cell", model: model, targets: nil)
    request.layoutOfBatch = .timeFirst
    try isRight(light(request)[0], "one-bias-cell", loss: nil)
    #expect(try request.read().notes.contains { $0.hasPrefix(#""cell.bias" is the only bias"#) })
  }

  @Test func aFormatThatIsNotReadIsNamed() throws {
    let message = try refusal(request("tool-names-and-formats", model: "model.onnx", targets: nil))
    #expect(message.contains("an ONNX file"))
  }

  // MARK: - Between the recurrent layers and the loss

  @Test func aNormalisationBeforeTheReadoutIsNotPassedOver() throws {
    var request = request("norm-before-head")
    let message = try refusal(request)
    #expect(message.contains("norm.weight [8]") && message.contains("norm.bias [8]"))
    #expect(message.contains("--head norm,fc") && message.contains("--upstream"))
    request.head = ["norm", "fc"]
    try isRight(light(request)[0], "norm-before-head", loss: 2.028156)
  }

  @Test func aSecondLinearLayerIsNotPassedOver() throws {
    var request = request("two-layer-head")
    let message = try refusal(request)
    #expect(message.contains("fc2.weight [3, 16]") && message.contains("--head fc1,relu,fc2"))
    request.head = ["fc1", "relu", "fc2"]
    let found = try light(request)[0]
    try isRight(found, "two-layer-head", loss: 1.049452)
    #expect(
      found.gradients.entries.map(\.name).suffix(4) == ["fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"])
  }

  @Test func withoutALossThroughTheReadoutUnusedTensorsAreNamed() throws {
    var request = request("norm-before-head", targets: nil)
    request.layoutOfBatch = .batchFirst
    #expect(
      try request.read().notes.contains {
        $0.contains("not used: norm.weight [8], norm.bias [8]")
          || $0.contains("norm.bias [8], norm.weight [8]")
      })
  }

  // MARK: - Several modules

  @Test func modulesThatReadEachOtherAreAStack() throws {
    var request = request("chained-modules")
    #expect(try refusal(request).contains("--stack lstm1,lstm2"))
    request.prefix = "lstm1"
    #expect(try refusal(request).contains("lstm2"))
    request.prefix = nil
    request.stack = ["lstm1", "lstm2"]
    let found = try light(request)
    #expect(found.map(\.problem.name) == ["lstm1", "lstm2"])
    try isRight(found[0], "chained-modules", loss: nil)
    #expect((try #require(found[1].loss) - 1.104796).magnitude < 1e-6)
  }

  @Test func aStackMayHaveModulesOfDifferentWidths() throws {
    var request = request("chained-modules", model: "model-8-6.safetensors")
    request.stack = ["lstm1", "lstm2"]
    let found = try light(request)
    #expect(found.map(\.problem.model.hiddenSize) == [8, 6])
    #expect(found[0].loss == nil && found[1].loss != nil)
  }

  @Test func aGlobalNormIsNotThatOfAPart() throws {
    var request = request("chained-modules")
    request.stack = ["lstm1", "lstm2"]
    var problem = try request.read().problem
    problem.clip = .globalNorm(1)
    #expect(throws: DiagnosisError.partOfModel(model: "lstm1", clip: "global-norm:1")) {
      try problem.diagnoses(plan: DiagnosisPlan())
    }
    problem.clip = .stepNorm(1e-3)
    #expect(try problem.diagnoses(plan: DiagnosisPlan()).count == 2)
  }

  // MARK: - Targets

  @Test func ignoredTargetsTakeNoPart() throws {
    var request = request("ignored-targets")
    request.layoutOfBatch = .batchFirst
    try isRight(light(request)[0], "ignored-targets", loss: 1.110592)
    request.ignored = -1
    #expect(try refusal(request).contains("class -100"))
  }

  @Test(arguments: ["y.npy", "y-column.npy"]) func oneNumberASequenceIsARegression(_ targets: String) throws {
    var request = request("scalar-regression", targets: targets)
    request.layoutOfBatch = .batchFirst
    #expect(try request.read().notes.contains { $0.hasPrefix("loss: final-mse") })
    try isRight(light(request)[0], "scalar-regression", loss: 1.124017)
  }

  @Test func zerosAndOnesOfOneOutputAreABinaryCrossEntropy() throws {
    var request = request("scalar-regression", targets: "y-binary.npy")
    request.layoutOfBatch = .batchFirst
    let (problem, notes) = try request.read()
    #expect(notes.contains { $0.hasPrefix("loss: binary-cross-entropy-final") })
    #expect(try #require(problem.diagnoses(plan: DiagnosisPlan())[0].loss).isFinite)
  }

  // MARK: - Inputs

  @Test func sequencesEndAtTheirOwnLengths() throws {
    var request = request("padded-batch")
    #expect(try request.read().notes.contains { $0.contains("end in zeros") && $0.contains("--lengths") })
    request.lengths = ModelCases.path("padded-batch", "lengths.npy")
    let found = try light(request)[0]
    #expect((try #require(found.loss) - 1.121335).magnitude < 1e-6)
    // Expected are norms of states that are kept over the padding: behind its end, each sequence's last one.
    let (layer, expected) = (found.layers[0], try ModelCases.expected("padded-batch"))
    for t in 0...20 {
      let own = (0..<6).map { place -> Double in
        let length = layer.shape.length(of: place)
        let step = layer.shape.start(of: place) + min(t, length)
        return layer.steps.hiddenByExample[step * 6 + place]
      }
      let norm = own.reduce(0.0) { $0 + pow(100, $1) }
      #expect((log10(norm) / 2 - expected[t]).magnitude < 5e-10, "t = \(t)")
    }
    request.inputs = ModelCases.path("padded-batch", "x-nan.npy")
    #expect(try light(request)[0].loss == found.loss)
    request.lengths = nil
    let message = try refusal(request)
    #expect(
      message.contains("as padding") && message.contains("--lengths")
        && message.contains("[20, 14, 9, 20, 5, 3]"))
  }

  @Test func tokenIdsAreReadThroughTheEmbedding() throws {
    var ids = request("token-ids")
    ids.layoutOfBatch = .timeFirst
    ids.readout = "decoder"
    var embedded = request("token-ids", inputs: "x-embedded.npy")
    embedded.layoutOfBatch = .timeFirst
    embedded.readout = "decoder"
    let (found, expected) = (try light(ids)[0], try light(embedded)[0])
    #expect((try #require(found.loss) - 2.576849).magnitude < 1e-6)
    #expect(found.loss == expected.loss && found.layers.map(\.steps) == expected.layers.map(\.steps))
    #expect(found.gradients.entries.first?.name == "embedding.weight")
    #expect(try embedded.read().notes.contains { $0.hasPrefix("not used: embed.weight [12, 8]") })
  }

  @Test func aBatchAsWideAsTheEmbeddingIsNoSequenceOfNumbers() throws {
    var request = request("token-ids", inputs: "x-batch8.npy", targets: nil)
    request.layoutOfBatch = .timeFirst
    let (problem, notes) = try request.read()
    #expect(problem.data.shape == BatchShape(steps: 20, batch: 8))
    #expect(notes.contains { $0.hasPrefix("token ids, read through embed.weight") })
  }

  @Test func aLearnedInitialStateIsUsed() throws {
    let request = request("learned-initial-state")
    let notes = try request.read().notes
    #expect(notes.contains { $0.hasPrefix("h_0: h0 of the model's file") })
    try isRight(light(request)[0], "learned-initial-state", loss: nil)
    var given = request
    given.initialHidden = ModelCases.path("learned-initial-state", "h0.npy")
    try isRight(light(given)[0], "learned-initial-state", loss: nil)
  }

  @Test func stepsAndSequencesAreAskedForWhereNothingTellsThem() throws {
    let message = try refusal(request("two-layer-head", targets: nil))
    #expect(message.contains("T = 6 steps of B = 20") && message.contains("--time-first or --batch-first"))
    #expect(
      try request("learned-initial-state").read().notes.contains {
        $0.hasPrefix("T = 20 steps, B = 6 sequences: time first, as the shape of --targets says")
      })
  }

  // MARK: - Batches whose sequences differ

  @Test func aBatchWhoseSequencesDifferSaysSo() throws {
    var request = request("mixed-batch", targets: nil)
    request.layoutOfBatch = .timeFirst
    let directory = try TemporaryDirectory()
    let found = try light(request)[0]
    #expect(found.report.contains("by sequence: from −"))
    try found.write(to: directory.file("out"))
    let rows = try CSVRows(
      String(contentsOfFile: directory.file("out/elements.csv"), encoding: .utf8))
    #expect(rows["element"] == ["0", "1"])
    let rates = rows["decades_per_step"].compactMap(Double.init)
    #expect(rates.count == 2 && rates[0] > -0.03 && rates[1] < -1)
  }

  // MARK: - Keras

  @Test(arguments: [
    ("control.npz", 1.272195, ["lstm/recurrent_kernel": 0.169222]),
    ("two-widths.npz", 1.094618, ["0": 0.055096, "1": 0.128061]),
  ]) func kerasModelsGiveTheirOwnLoss(_ model: String, _ loss: Double, _ norms: [String: Double]) throws {
    let found = try light(request("keras-models", model: model))
    #expect((try #require(found[found.count - 1].loss) - loss).magnitude < 1e-6)
    for (diagnosis, norm) in zip(found, norms.sorted { $0.key < $1.key }.map(\.value)) {
      let own = try #require(diagnosis.gradients.entries.first { $0.name == "weight_hh_l0" })
      #expect((Double.euclideanNorm(own.gradient.doubles) - norm).magnitude < 2e-6)
    }
  }

  @Test(arguments: ["hard-sigmoid.npz", "relu-lstm.npz"])
  func activationsThatFilesDoNotHaveAreAssumedAloudOrRefused(_ model: String) throws {
    var request = request("keras-models", model: model)
    #expect(try request.read().notes.contains { $0.hasPrefix("activations are not stored") })
    if model.hasPrefix("hard") {
      request.recurrentActivation = "hard_sigmoid"
    } else {
      request.activation = "relu"
    }
    #expect(try refusal(request).contains("it is another equation"))
  }

  @Test func aKerasHeadOfTwoLayersIsNotPassedOver() throws {
    var request = request("keras-models", model: "dense-head.npz")
    #expect(try refusal(request).contains("dense_10/kernel [16, 3]"))
    request.head = ["dense_9", "relu", "dense_10"]
    let found = try light(request)[0]
    #expect((try #require(found.loss) - 1.146745).magnitude < 1e-6)
    let own = try #require(found.gradients.entries.first { $0.name == "weight_hh_l0" })
    #expect((Double.euclideanNorm(own.gradient.doubles) - 0.139591).magnitude < 1e-6)
  }

  @Test func aKerasMaskIsLengths() throws {
    let directory = try TemporaryDirectory()
    var request = request("keras-models", model: "masking.npz", inputs: "x-padded.npy")
    #expect(try request.read().notes.contains { $0.contains("end in zeros") })
    let x = try NPYFile(contentsOf: request.inputs).array.doubles()
    let lengths = (0..<5).map { b in
      (0..<25).last { t in x[(b * 25 + t) * 4..<(b * 25 + t + 1) * 4].contains { $0 != 0 } }.map { $0 + 1 }
        ?? 1
    }
    request.lengths = try directory.write(lengths, shape: [5], to: "lengths.npy")
    let found = try light(request)[0]
    #expect((try #require(found.loss) - 0.907706).magnitude < 1e-6)
    let own = try #require(found.gradients.entries.first { $0.name == "weight_hh_l0" })
    #expect((Double.euclideanNorm(own.gradient.doubles) - 0.0753197).magnitude < 1e-6)
  }
}
