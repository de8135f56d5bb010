import ModelFiles
import TestSupport
import Testing

/// Damaged models by the thousand: each gives a model that fits together or is refused with place and advice.
@Suite("Random damage to trained models")
struct TrainedModelMutationTests {
  /// What is wrong with a model that was read.
  private struct Unfit: Error {
    let reason: String
  }

  @Test(.timeLimit(.minutes(60)), arguments: HostileReader.parts)
  func damagedModelIsReadOrRefused(part: Int) {
    var reading = HostileReading(.trainedModel, part: part)
    let tally = reading.tally {
      $0.damagedModel()
    } size: {
      $0.count
    } read: { bytes in
      let archive = try ModelArchive(bytes: bytes)
      let trained = try TrainedModel(archive)
      try Self.check(trained)
      // All that a caller may ask for, with names from the file.
      for layout in ModelLayout.allCases {
        let prefix = archive.names.first
        _ = try? TrainedModel(archive, layout: layout, prefix: prefix, nonlinearity: .relu, readout: prefix)
      }
      _ = try? trained.requiredReadout()
    } complaint: { error in
      guard let error = error as? ModelFileError else { return "not a ModelFileError: \(error)" }
      return error.complaint
    }
    #expect(tally.failures.isEmpty, "\(tally.failures.joined(separator: "\n"))")
    #expect(tally.read > 100 && tally.refused > tally.read / 2)
  }

  /// Thousands of names of every kind, where each could be compared with each.
  @Test(.timeLimit(.minutes(2))) func manyNamesTakeTimeInProportion() {
    let deep = String(repeating: "a/", count: 400)
    var files: [String: ModelTensors] = [:]
    func add(_ name: String, _ make: (Int) -> [(String, [Int])]) {
      var tensors = ModelTensors()
      for index in 0..<1_000 {
        for (name, shape) in make(index) { tensors.add(name, shape) }
      }
      files[name] = tensors
    }
    add("modules") { [("m\($0).weight_hh_l0", [1, 1]), ("m\($0).weight_ih_l0", [1, 1])] }
    add("layers") { [("weight_hh_l\($0)", [1, 1]), ("weight_ih_l\($0)", [1, 1])] }
    add("Keras layers") { [("m/rnn_\($0)/kernel", [1, 1]), ("m/rnn_\($0)/recurrent_kernel", [1, 1])] }
    add("Keras layers of any name") {
      [("m/\($0)rnn/x/kernel", [1, 1]), ("m/a\($0)b/recurrent_kernel", [1, 1])]
    }
    add("variants") { [("m/rnn_\($0)/recurrent_kernel", [1, 1]), ("m/x\($0)/peephole", [1, 1])] }
    add("readouts") { [($0 == 0 ? "r.weight_hh" : "l\($0).weight", [1, 1]), ("r\($0).weight_ih", [1, 1])] }
    add("others") { [($0 == 0 ? "weight_hh" : $0 == 1 ? "weight_ih" : "x\($0)", [1, 1])] }
    for (name, var tensors) in files {
      for _ in 0..<2 {
        let bytes = tensors.safetensors
        let cost = ReadingCost {
          var trained = try TrainedModel(ModelArchive(bytes: bytes))
          _ = try trained.learnedStates()
          _ = trained.unused().notes
        }
        #expect(cost.excess(forBytes: bytes.count, of: .trainedModel) == nil, "\(name)")
        #expect(cost.error == nil || (cost.error as? ModelFileError)?.complaint == nil, "\(cost)")
        tensors.tensors.removeLast(tensors.tensors.count * 9 / 10)
        for index in tensors.tensors.indices {
          tensors.tensors[index].name = deep + tensors.tensors[index].name
        }
      }
    }
  }

  private static func check(_ trained: TrainedModel) throws {
    for parameters in trained.model.layers.joined() {
      let values =
        parameters.weightIH.values + parameters.weightHH.values + parameters.biasIH + parameters.biasHH
      guard values.allSatisfy(\.isFinite) else { throw Unfit(reason: "weights are not finite") }
    }
    if let readout = trained.readout, readout.weight.columns != trained.model.outputSize {
      throw Unfit(reason: "a readout of \(readout.weight.columns) units")
    }
    for note in trained.notes {
      if let complaint = HostileReading.complaint(aboutMessage: note) {
        throw Unfit(reason: "\(complaint): \(note)")
      }
    }
  }
}
