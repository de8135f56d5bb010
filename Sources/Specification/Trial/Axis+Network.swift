import GradientFlow
import TextFiles

/// The axes of what a network consists of, beside its cell and hidden size, and of the lengths it reads.
extension Axis {
  /// What a network consists of.
  package static let network = "network"

  /// The most recurrent layers.
  package static let layerLimit = 64

  public static let layers = Axis(
    "layers",
    "Recurrent layers L, one above the other; each reads the states of the one below. Layers from the second on "
      + "have W_ih ~ N(0, s²/(D·H)), s the input_scale: the input current of a unit has s times the root mean square "
      + "of the states below.",
    \.layers, .whole(1...layerLimit), default: "1", symbol: "L = ", words: "layers "
  ) { axis in
    axis.key.aliases = ["L"]
    axis.caption = { "\($0.layers) \($0.layers == 1 ? "layer" : "layers")" }
    axis.comesLater(with: network)
  }

  public static let bidirectional = Axis(
    "bidirectional",
    "Whether each layer also reads the sequence from its end (D = 2, H hidden units each way), as in torch.nn.RNN.",
    \.isBidirectional, .truth(), default: "false", symbol: "D = ", words: "directions "
  ) { axis in
    axis.heading = { "D = \($0.directions)" }
    axis.headingNames = HeadingNames(name: "D", values: [("1", "false"), ("2", "true")])
    axis.caption = { $0.isBidirectional ? "bidirectional" : "read forward" }
    axis.comesLater(with: network)
    axis.disuse = { specification in
      guard let reason = specification.task.identity.aheadForbidden else { return nil }
      return Disuse(
        cause: "task",
        problem:
          "must be false here, because \(reason), and a layer that reads backwards would know it; remove it",
        only: "false")
    }
  }

  public static let embeddingSize = Axis(
    "embedding_size",
    "Numbers E that a token is embedded in; none: tokens are read as one-hot rows. Rows of the embedding are "
      + "~ N(0, 1). For tasks whose inputs are tokens.",
    \.embeddingSize, .optionalWhole(1...65536), default: "none", symbol: "E = ", words: "embedding size "
  ) { axis in
    axis.key.aliases = ["E"]
    axis.key.exampleValues = "none,32"
    axis.heading = { "E = \($0.embeddingSize.map(String.init) ?? "none")" }
    axis.caption = { $0.embeddingSize.map { "embedding size \($0)" } ?? "no embedding" }
    axis.comesLater(with: network)
    axis.disuse = { specification in
      guard !specification.task.identity.readsTokens else { return nil }
      return Disuse(
        cause: "task",
        problem:
          "must be none here, because the inputs of \(specification.task.identity.label) are numbers, not "
          + "tokens; remove it",
        only: "none")
    }
  }

  public static let tiesReadout = Axis(
    "tied",
    "Whether the weight of the readout is the embedding, one array of both, drawn as a readout: ~ N(0, 1/E). Requires "
      + "D·H = E and as many outputs as tokens.",
    \.tiesReadout, .truth(), default: "false", symbol: "tied ", words: "tied "
  ) { axis in
    axis.caption = { $0.tiesReadout ? "readout tied to the embedding" : "readout of its own" }
    axis.comesLater(with: network)
    axis.unused = { $0.tiesReadout = false }
    axis.condition = Condition(key: "embedding_size") { $0.embeddingSize != nil }
    axis.disuse = { specification in
      let sizes = specification.values(of: .embeddingSize, \.embeddingSize)
      guard sizes.allSatisfy({ $0 == nil }) else { return nil }
      return Disuse(
        cause: "embedding_size",
        problem:
          "must be false here, because there is no embedding to tie the readout to; set embedding_size",
        only: "false")
    }
  }

  public static let shortestLength = Axis(
    "min_length",
    "Steps of the shortest sequences: lengths are uniform in min_length…sequence_length, by seed; none: all sequences "
      + "have sequence_length steps.",
    \.shortestLength, .optionalWhole(1...100_000_000), default: "none", symbol: "min T = ",
    words: "lengths from "
  ) { axis in
    axis.key.exampleValues = "none,10"
    axis.heading = { "min T = \($0.shortestLength.map(Brief.grouped) ?? "none")" }
    axis.caption = { trial in
      trial.shortestLength.map { "lengths \(Brief.grouped($0)) to \(Brief.grouped(trial.sequenceLength))" }
        ?? "one length"
    }
    axis.comesLater(with: network)
    axis.disuse = { specification in
      guard !specification.task.identity.allowsLengths else { return nil }
      return Disuse(
        cause: "task",
        problem:
          "must be none here, because all sequences of \(specification.task.identity.label) have one length; "
          + "remove it",
        only: "none")
    }
  }

  public static let dropout = Axis(
    "dropout",
    "Share p of the numbers that a layer gives which the next one does not see during an update; the others are "
      + "multiplied by 1/(1 − p), as in torch.nn.RNN. Between layers only; tests and diagnosis have none.",
    get: { $0.training == nil ? nil : $0.dropout }, set: { $0.dropout = $1 },
    .real("numbers from 0, below 1") { $0 >= 0 && $0 < 1 }, default: "0", symbol: "dropout ",
    words: "dropout "
  ) { axis in
    axis.key.exampleValues = "0,0.2"
    axis.key.isForTraining = true
    axis.comesLater(with: network)
    axis.unused = { $0.dropout = 0 }
    axis.condition = Condition(key: "layers") { $0.layers > 1 }
    axis.disuse = { specification in
      guard specification.trains else { return .untrained }
      let layers = specification.values(of: .layers, \.layers)
      guard layers.allSatisfy({ $0 == 1 }) else { return nil }
      return Disuse(
        cause: "layers",
        problem:
          "must be 0 here, because dropout acts between layers and there is one only; set layers to 2 or more",
        only: "0")
    }
  }
}

extension TrialParameters {
  /// D: in how many directions each layer reads the sequence.
  public var directions: Int { isBidirectional ? 2 : 1 }
  /// Whether there is one recurrent layer, read forward: what a trial has measured of it is all there is.
  public var hasOneLayer: Bool {
    layers == 1 && !isBidirectional && task.topology != .encoderDecoder
  }
}

extension TaskIdentity {
  /// Why no layer may read a sequence from its end; nil where one may.
  var aheadForbidden: String? {
    if topology.feedsBack { return "\(label) reads at each step what was to be said at the step before" }
    return kind == .text ? "the next character is what a text asks for" : nil
  }
}
