import ModelFiles
import TestSupport
import Testing

@Suite("Readouts of trained models")
struct TrainedModelReadoutTests {
  private static let rnn = ModelTensors.pytorch(gates: 4, prefix: "rnn.")

  @Test func theOnlyLinearLayerOfTheWidthIsTheReadout() throws {
    let tensors = Self.rnn.adding("norm.weight", [3]).adding("norm.bias", [3]).adding("proj.weight", [3, 2])
      .adding("head.weight", [5, 3]).adding("head.bias", [5])
    let trained = try TrainedModel(tensors.archive())
    #expect(trained.readoutPrefix == "head")
    #expect(trained.readout?.weight.rows == 5 && trained.readout?.weight.columns == 3)
    #expect(trained.readout?.weight.values == tensors["head.weight"]?.values)
    #expect(trained.readout?.bias == tensors["head.bias"]?.values)
    #expect(trained.readoutNotes == [#"readout: "head", the only linear layer from 3 units, to 5"#])
    // Whether the readout reads them directly the file does not say.
    let error = #expect(throws: ModelFileError.self) { try trained.requiredReadout() }
    let text = error?.description ?? ""
    #expect(
      text.hasPrefix(
        #"readout "head": more may stand between it and the recurrent layers, or behind it: norm.weight [3], norm.bias [3]"#
      ),
      "\(text)")
    #expect(
      text.contains("--head norm,head, or --head head if it reads them directly")
        && text.contains("--upstream g.npy"))
    #expect(trained.unused().map(\.reason) == [.mayStandBetween, .mayStandBetween, .unknown])
  }

  @Test func aReadoutAloneIsGiven() throws {
    let trained = try TrainedModel(
      Self.rnn.adding("head.weight", [5, 3]).adding("emb.weight", [9, 3]).archive(), readout: "head")
    #expect(try trained.requiredReadout() == trained.readout)
    #expect(trained.unused().map(\.reason) == [.embedding])
  }

  @Test func aModuleThatReadsThisOneIsNotPassedOver() throws {
    var tensors = ModelTensors.pytorch(gates: 4, prefix: "a.").adding("head.weight", [5, 3])
    tensors.tensors += ModelTensors.pytorch(gates: 4, inputs: 3, prefix: "b.").tensors
    let trained = try TrainedModel(tensors.archive(), prefix: "a")
    let error = #expect(throws: ModelFileError.self) { try trained.requiredReadout() }
    #expect(
      error?.description.contains("--head head; if") == true
        && error?.description.contains("--stack a,b") == true)
    let stack = try TrainedModel(tensors.archive(), stack: ["a", "b"])
    #expect(stack.modules.map(\.prefix) == ["a", "b"] && stack.unused().isEmpty)
    #expect(try stack.requiredReadout() == stack.readout)
  }

  @Test func aReadoutWithoutBiasesHasZeros() throws {
    let trained = try TrainedModel(Self.rnn.adding("head.weight", [2, 3]).archive())
    #expect(trained.readout?.bias == [0, 0])
  }

  @Test func twoDirectionsAreReadTogether() throws {
    let tensors = ModelTensors.pytorch(gates: 1, directions: 2, prefix: "rnn.")
      .adding("half.weight", [2, 3]).adding("head.weight", [2, 6])
    #expect(try TrainedModel(tensors.archive()).readoutPrefix == "head")
  }

  @Test(arguments: ["readout", "module.readout"])
  func theNameReadoutDecides(name: String) throws {
    let tensors = Self.rnn.adding("head.weight", [5, 3]).adding("\(name).weight", [2, 3])
    let trained = try TrainedModel(tensors.archive())
    #expect(trained.readoutPrefix == name && trained.readoutNotes == [])
  }

  @Test func ofSeveralNoneIsTakenUntilOneIsNamed() throws {
    let tensors = Self.rnn.adding("b.weight", [5, 3]).adding("b.bias", [5]).adding("net.a.weight", [2, 3])
    let trained = try TrainedModel(tensors.archive())
    #expect(trained.readout == nil && trained.readoutPrefix == nil)
    #expect(trained.readoutCandidates == ["b", "net.a"])
    #expect(
      trained.readoutNotes == [#"no readout chosen: candidates are "b", "net.a"; choose one with --readout"#])
    let error = #expect(throws: ModelFileError.self) { try trained.requiredReadout() }
    #expect(
      error?.description == #"readout: several layers qualify: "b", "net.a"; choose one with --readout"#)
    for name in ["net.a", "net.a.", "net.a.weight", "a"] {
      #expect(try TrainedModel(tensors.archive(), readout: name).readoutPrefix == "net.a")
    }
  }

  @Test func aMissingReadoutIsAnErrorOnlyWhereItIsNeeded() throws {
    let directory = try TemporaryDirectory()
    directory.write(Self.rnn.safetensors, to: "m")
    let trained = try TrainedModel(contentsOf: directory.file("m"))
    #expect(trained.readout == nil && trained.notes == [])
    let error = #expect(throws: ModelFileError.self) { try trained.requiredReadout() }
    #expect(
      error?.description
        == "\(directory.file("m")): readout: no linear layer over the 3 hidden units; "
        + "save it with the model, or choose a loss without a readout")
  }

  /// Weights [tokens, I] without a bias may be an embedding, if I is also the width of the hidden state.
  @Test func anEmbeddingIsNotTakenForTheReadout() throws {
    let rnn = ModelTensors.pytorch(gates: 3, inputs: 3, prefix: "rnn.").adding("embedding.weight", [7, 3])
    let alone = try TrainedModel(rnn.archive())
    #expect(alone.readout == nil && alone.readoutCandidates == ["embedding"])
    let trained = try TrainedModel(rnn.adding("fc.weight", [2, 3]).adding("fc.bias", [2]).archive())
    #expect(trained.readoutPrefix == "fc" && trained.readoutCandidates == [])
  }

  /// save_model leaves out a tensor that shares its memory with another and notes it in the metadata.
  @Test func aReadoutTiedToAnEmbeddingIsRead() throws {
    var tensors = ModelTensors.pytorch(gates: 3, inputs: 3, prefix: "rnn.")
      .adding("embedding.weight", [7, 3]).adding("decoder.bias", [7])
    tensors.metadata = ["decoder.weight": "embedding.weight", "format": "pt"]
    let trained = try TrainedModel(tensors.archive())
    #expect(trained.readoutPrefix == "decoder")
    #expect(trained.readout?.weight.values == tensors["embedding.weight"]?.values)
    #expect(trained.readout?.bias == tensors["decoder.bias"]?.values)
  }
}
