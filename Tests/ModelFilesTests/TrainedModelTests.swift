import LinearAlgebra
import ModelFiles
import RecurrentCells
import TestSupport
import Testing

@Suite("Trained models in PyTorch's layout")
struct TrainedModelTests {
  @Test(arguments: [(1, CellKind.rnn), (3, .gru), (4, .lstm)], [1, 2])
  func cellLayersAndDirectionsComeFromShapesAndNames(cell: (gates: Int, kind: CellKind), directions: Int)
    throws
  {
    for layers in 1...3 {
      for hasBiases in [true, false] {
        let tensors = ModelTensors.pytorch(
          gates: cell.gates, layers: layers, directions: directions, hasBiases: hasBiases)
        let trained = try TrainedModel(tensors.archive())
        #expect(trained.model.cell == cell.kind)
        #expect(trained.model.layers.count == layers && trained.model.directions.count == directions)
        #expect(trained.model.inputSize == 2 && trained.model.hiddenSize == 3)
        #expect(trained.prefix == "" && trained.layout == .pytorch && trained.readout == nil)
        for (l, layer) in trained.model.layers.enumerated() {
          for (parameters, suffix) in zip(layer, ["", "_reverse"]) {
            let end = "_l\(l)\(suffix)"
            #expect(parameters.weightIH.values == tensors["weight_ih\(end)"]?.values)
            #expect(parameters.weightHH.values == tensors["weight_hh\(end)"]?.values)
            let zeros = [Double](repeating: 0, count: 3 * cell.gates)
            #expect(parameters.biasIH == tensors["bias_ih\(end)"]?.values ?? zeros)
            #expect(parameters.biasHH == tensors["bias_hh\(end)"]?.values ?? zeros)
          }
        }
        #expect(trained.notes.contains("no biases are stored: they are zero") == !hasBiases)
      }
    }
  }

  @Test(arguments: [(1, CellKind.rnn), (3, .gru), (4, .lstm)])
  func aCellIsOneLayer(gates: Int, kind: CellKind) throws {
    let tensors = ModelTensors.pytorchCell(gates: gates, prefix: "cell.")
    let trained = try TrainedModel(tensors.archive())
    #expect(trained.model.cell == kind && trained.prefix == "cell")
    #expect(trained.model.layers.map(\.count) == [1])
    #expect(trained.model.layers[0][0].biasHH == tensors["cell.bias_hh"]?.values)
  }

  @Test func oneHiddenUnitIsEnough() throws {
    for (gates, kind) in [(1, CellKind.rnn), (3, .gru), (4, .lstm)] {
      let tensors = ModelTensors.pytorch(gates: gates, inputs: 1, hidden: 1, layers: 2, directions: 2)
      #expect(try TrainedModel(tensors.archive()).model.cell == kind)
    }
  }

  // MARK: - The module

  @Test(arguments: ["", "rnn.", "encoder.lstm.", "module.rnn.", "_orig_mod.module.a.0.b."])
  func theOnlyModuleIsFound(path: String) throws {
    let trained = try TrainedModel(ModelTensors.pytorch(gates: 4, prefix: path).archive())
    #expect(trained.prefix == String(path.dropLast()))
  }

  @Test(arguments: [
    ("decoder.rnn", "decoder.rnn"), ("decoder.rnn.", "decoder.rnn"), ("decoder", "decoder.rnn"),
    ("decoder.", "decoder.rnn"), ("lstm", "module.encoder.lstm"), ("", ""),
  ])
  func aPrefixChoosesAmongModules(prefix: String, module: String) throws {
    var tensors = ModelTensors.pytorch(gates: 4, prefix: "module.encoder.lstm.")
    tensors.tensors += ModelTensors.pytorch(gates: 3, prefix: "decoder.rnn.").tensors
    tensors.tensors += ModelTensors.pytorch(gates: 1).tensors
    #expect(try TrainedModel(tensors.archive(), prefix: prefix).prefix == module)
  }

  @Test func aModuleUnderTwoNamesIsOne() throws {
    var tensors = ModelTensors.pytorch(gates: 3, prefix: "a.rnn.")
    tensors.tensors += ModelTensors.pytorch(gates: 3, prefix: "b.rnn.").tensors
    let trained = try TrainedModel(tensors.archive())
    #expect(trained.prefix == "a.rnn")
    #expect(trained.notes == [#""a.rnn", "b.rnn" have the same weights: "a.rnn" is used"#])
    tensors["b.rnn.bias_hh_l0"]?.values[0] += 1
    #expect(throws: ModelFileError.self) { try TrainedModel(tensors.archive()) }
  }

  @Test(arguments: ["rnn.h_0", "h0", "init_hidden", "net.initial_state", "rnn.learned_h0", "hx"])
  func aLearnedInitialStateIsFound(_ name: String) throws {
    for shape in [[1, 1, 3], [1, 3], [3]] {
      var trained = try TrainedModel(
        ModelTensors.pytorch(gates: 4, prefix: "rnn.").adding(name, shape).adding("c0", [7]).archive())
      let states = try trained.learnedStates()
      #expect(states.hidden?.name == name && states.hidden?.values.count == 3 && states.cell == nil)
      #expect(trained.unused().map(\.reason) == [.initialState])
    }
  }

  // MARK: - Types and formats

  @Test(arguments: [StoredType.float64, .float32, .float16, .bfloat16])
  func everyFloatingPointTypeIsWidened(type: StoredType) throws {
    let tensors = ModelTensors.pytorch(gates: 4, layers: 2, directions: 2).adding("fc.weight", [2, 6])
    let exact = try TrainedModel(tensors.archive())
    let trained = try TrainedModel(tensors.stored(as: type).archive())
    #expect(trained.model == exact.model && trained.readout == exact.readout)
    #expect(trained.storedTypes == [type])
  }

  @Test func mixedTypesAreListedWidestFirst() throws {
    var tensors = ModelTensors.pytorch(gates: 1)
    tensors["weight_hh_l0"]?.type = .bfloat16
    tensors["bias_ih_l0"]?.type = .float32
    #expect(try TrainedModel(tensors.archive()).storedTypes == [.float64, .float32, .bfloat16])
  }

  /// The name of a file does not say what it is.
  @Test func bothFormatsAreToldByTheirContent() throws {
    let directory = try TemporaryDirectory()
    let tensors = ModelTensors.pytorch(gates: 3, layers: 2, prefix: "rnn.").adding("fc.weight", [2, 3])
    directory.write(tensors.safetensors, to: "a.npz")
    directory.write(tensors.npz, to: "b.safetensors")
    let (a, b) = (directory.file("a.npz"), directory.file("b.safetensors"))
    #expect(try TrainedModel(contentsOf: a).model == TrainedModel(contentsOf: b).model)
    #expect(try TrainedModel(contentsOf: a).readout == TrainedModel(contentsOf: b).readout)
    #expect(throws: Never.self) { try SafetensorsFile(contentsOf: a) }
    #expect(throws: Never.self) { try NPZFile(contentsOf: b) }
    #expect(try ModelArchive(contentsOf: a).names == ModelArchive(contentsOf: b).names)
    #expect(try ModelArchive(contentsOf: a)["fc.weight"] == ModelArchive(contentsOf: b)["fc.weight"])
  }

  // MARK: - The nonlinearity

  @Test func aPlainRNNIsTanhUnlessSomethingSaysOtherwise() throws {
    var tensors = ModelTensors.pytorch(gates: 1)
    let assumed = try TrainedModel(tensors.archive())
    #expect(assumed.model.cell == .rnn)
    #expect(
      assumed.notes == [
        "the nonlinearity is not stored: tanh is assumed; use --nonlinearity relu if it was trained with relu"
      ])
    for one in Activation.allCases {
      let given = try TrainedModel(tensors.archive(), nonlinearity: one)
      #expect(given.model.cell == one.cell && given.notes == [])
    }
    tensors.metadata = ["nonlinearity": "relu"]
    let stored = try TrainedModel(tensors.archive())
    #expect(stored.model.cell == .rnnRelu && stored.notes == [])
    let contradicted = try TrainedModel(tensors.archive(), nonlinearity: .tanh)
    #expect(contradicted.model.cell == .rnn)
    #expect(contradicted.notes == ["the file says nonlinearity relu; tanh was requested"])
  }

  // MARK: - Round trip

  @Test(arguments: CellKind.allCases, [1, 2])
  func aModelThatIsWrittenIsReadAsItWas(cell: CellKind, directions: Int) throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("model.safetensors")
    let drawn = try TrainedModel(
      ModelTensors.pytorch(gates: cell.gates.count, layers: 2, directions: directions)
        .adding("readout.weight", [2, 3 * directions]).adding("readout.bias", [2]).archive())
    let model = RecurrentModel(cell: cell, layers: drawn.model.layers)
    try TrainedModel.write(model, readout: drawn.readout, to: path)
    let trained = try TrainedModel(contentsOf: path)
    #expect(trained.model == model)
    #expect(trained.readout == drawn.readout && drawn.readout != nil)
    #expect(trained.notes == [] && trained.storedTypes == [.float64])
  }

  // What shapes and the nonlinearity tell is not said again, and where it is, it changes nothing.
  @Test func onlyACellThatShapesDoNotTellIsNamed() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("model.safetensors")
    for cell in [CellKind.rnn, .rnnRelu, .rnnLinear, .lstm, .gru] {
      var tensors = ModelTensors.pytorch(gates: cell.gates.count)
      let plain = try TrainedModel(tensors.archive())
      try TrainedModel.write(RecurrentModel(cell: cell, layers: plain.model.layers), to: path)
      tensors.metadata = try ModelArchive(contentsOf: path).metadata
      #expect(tensors.metadata[CellKind.metadataKey] == nil)
      let unnamed = try TrainedModel(tensors.archive())
      tensors.metadata[CellKind.metadataKey] = cell.rawValue
      let named = try TrainedModel(tensors.archive())
      #expect(unnamed.model.cell == cell && named.model == unnamed.model && named.notes == unnamed.notes)
    }
  }

  @Test func namesWrittenAreThoseOfPyTorch() throws {
    let trained = try TrainedModel(
      ModelTensors.pytorch(gates: 3, layers: 2, directions: 2).adding("fc.weight", [2, 6]).archive())
    let names = try TrainedModel.tensors(of: trained.model, readout: trained.readout).map(\.name)
    let expected = ModelTensors.pytorch(gates: 3, layers: 2, directions: 2)
    #expect(names == expected.tensors.map(\.name) + ["readout.weight", "readout.bias"])
  }
}
