import GradientFlow
import TextFiles

/// Everything that decides the result of one trial: a point of a sweep's grid with one seed; and what of it is kept.
///
/// To add a parameter, add a property with its default value here and its ``Axis`` below.
public struct TrialParameters: Sendable, Hashable {
  /// The recurrent cell.
  public var cell = CellKind.rnn
  /// Whether each layer is also read from the last step to the first.
  public var isBidirectional = false
  /// Whether the readout's weight is the embedding.
  public var tiesReadout = false
  /// Hidden units H.
  public var hiddenSize = 64
  /// Inputs I; 0 if the task determines them.
  public var inputSize = 0
  /// Recurrent layers L ≥ 1.
  public var layers = 1
  /// Numbers E that a token is embedded in; nil: tokens are read as one-hot rows.
  public var embeddingSize: Int?
  /// Share p of what a layer gives that the next one does not see in training, 0 ≤ p < 1.
  public var dropout = 0.0
  /// Sequences B in the batch.
  public var batchSize = 16
  /// Steps T, of the longest sequences.
  public var sequenceLength = 100
  /// Steps of the shortest sequences, whose lengths are uniform from there to T; nil: all have T steps.
  public var shortestLength: Int?
  /// Spectral radius that every H×H block of W_hh is scaled to, ≥ 0.
  public var spectralRadius = 1.0
  /// How W_hh is drawn.
  public var initializer = Initializer.gaussian
  /// Standard deviation of a unit's input current, ≥ 0.
  public var inputScale = 1.0
  /// Standard deviation of h_0 and, for a cell with c, of c_0. With 0, the measured sequence or its washout starts at
  /// the zero state.
  public var initialStateScale = 0.0
  /// Steps run before the first measured one, without differentiating through them, ≥ 0.
  public var washout = 0
  /// Bias of the forget gate. Nil unless the cell is an LSTM.
  public var forgetBias: Double?
  /// Where inputs come from.
  public var task = TaskIdentity(.gaussianNoise)
  /// The loss to differentiate.
  public var loss = LossKind.finalDot
  /// Outputs O of the readout; nil without a readout, or if the task determines them.
  public var readoutSize: Int?
  /// How gradients are clipped.
  public var clip = GradientClip.none
  /// The floating-point format of all computations.
  public var precision = Precision.float32
  /// Root of all random streams, the same for a whole sweep.
  public var rootSeed: UInt64 = 0
  /// The trial's own seed. Trials with the same seed see the same inputs, even if they differ otherwise.
  public var seed: UInt64 = 0
  /// Which of its steps are kept, which is no part of what the trial is: no number depends on it.
  public var recording = StepRecording.every
  /// How the network is trained; nil: it is diagnosed untrained.
  public var training: TrainingParameters?

  /// All parameters at their defaults.
  public init() {}

  /// The defaults, including those of training.
  static let unspecified = {
    var trial = TrialParameters()
    trial.training = TrainingParameters()
    return trial
  }()

  /// Clip and penalty.
  public var rule: GradientRule {
    get { GradientRule(clip: clip, penalty: training?.penalty) }
    set {
      clip = newValue.clip
      training?.penalty = newValue.penalty
    }
  }

  /// Whether weights are drawn at a spectral radius and an input scale, not with a given standard deviation.
  var hasScaledWeights: Bool { training?.weightDeviation == nil }
}

// MARK: - Axes

extension Axis {
  /// All axes, in the order of the normalised form.
  public static let all: [Axis] = [
    cell, hiddenSize, layers, bidirectional, embeddingSize, tiesReadout, inputSize, batchSize, sequenceLength,
    shortestLength, spectralRadius, initializer, inputScale, initialStateScale, washout, forgetBias, loss,
    readoutSize, clip, seed, precision, optimiser, learningRate, schedule, truncation, weightDeviation,
    dropout,
  ]

  public static let cell = Axis(
    "cells", trial: "cell", "Recurrent cells.", \.cell, .named(), default: "[rnn, lstm]", symbol: "",
    words: "cell "
  ) { $0.key.aliases = ["cell"] }

  public static let hiddenSize = Axis(
    "hidden_size", "Hidden units H.", \.hiddenSize, .whole(1...16384), default: "64", symbol: "H = ",
    words: "hidden size "
  ) { $0.key.aliases = ["hidden", "H"] }

  public static let inputSize = Axis(
    "input_size", "Inputs I per step. For gaussian-noise only; other tasks determine it.",
    get: { $0.task.decidesSizes ? nil : $0.inputSize }, set: { $0.inputSize = $1 }, .whole(1...65536),
    default: "16", symbol: "I = ", words: "input size "
  ) { axis in
    axis.key.aliases = ["I"]
    axis.disuse = \.sizesDecided
  }

  public static let batchSize = Axis(
    "batch_size", "Sequences B in the batch.", \.batchSize, .whole(1...65536), default: "16", symbol: "B = ",
    words: "batch "
  ) { $0.key.aliases = ["batch", "B"] }

  public static let sequenceLength = Axis(
    "sequence_length", "Steps T.", \.sequenceLength, .whole(1...100_000_000), default: "100", symbol: "T = ",
    words: "sequence length T = "
  ) { axis in
    axis.key.aliases = ["length", "T"]
    axis.key.exampleValues = "50,100"
    axis.heading = { "T = \(Brief.grouped($0.sequenceLength))" }
    axis.disuse = \.lengthDecided
  }

  public static let spectralRadius = Axis(
    "spectral_radius", "Spectral radius of each H×H block of W_hh after scaling.",
    get: { $0.hasScaledWeights ? $0.spectralRadius : nil }, set: { $0.spectralRadius = $1 },
    .real("numbers from 0 to 1e6") { (0...1e6).contains($0) }, default: "1", symbol: "ρ = ", words: ""
  ) { axis in
    axis.key.aliases = ["rho"]
    axis.key.exampleValues = "0.9,1.1"
    // Of weights with a given deviation, the one that they are expected to have.
    axis.field = { CSVField.number($0.spectralRadius) }
    axis.heading = { $0.hasScaledWeights ? "ρ = \(CSVField.number($0.spectralRadius))" : nil }
    axis.caption = { trial in
      trial.training != nil && trial.hasScaledWeights
        ? "spectral radius \(CSVField.number(trial.spectralRadius)) at the start" : nil
    }
    axis.unused = {
      let entries = Double($0.hiddenSize)
      $0.spectralRadius = ($0.training?.weightDeviation ?? 0) * entries.squareRoot()
    }
    axis.condition = .scaledWeights
    axis.disuse = { specification in
      specification.drawsByDeviation
        ? Disuse(
          cause: "weight_sd",
          problem: "has no effect, because weight_sd sets how weights are drawn; remove it")
        : nil
    }
  }

  public static let initializer = Axis(
    "initializer", "How W_hh is drawn before scaling.",
    get: { $0.hasScaledWeights ? $0.initializer : nil }, set: { $0.initializer = $1 }, .named(),
    default: "gaussian", symbol: "", words: "initializer "
  ) { axis in
    axis.field = { $0.initializer.rawValue }
    axis.unused = { $0.initializer = .gaussian }
    axis.condition = .scaledWeights
    axis.disuse = { $0.drawsByDeviation ? .byDeviation(only: Initializer.gaussian.rawValue) : nil }
  }

  public static let inputScale = Axis(
    "input_scale", "Standard deviation s of a unit's input current: W_ih ~ N(0, s²/I).",
    get: { $0.hasScaledWeights ? $0.inputScale : nil }, set: { $0.inputScale = $1 },
    .real("finite numbers from 0") { $0 >= 0 }, default: "1", symbol: "input scale ", words: "input scale "
  ) { axis in
    axis.unused = { $0.inputScale = 1 }
    axis.condition = .scaledWeights
    axis.disuse = { $0.drawsByDeviation ? .byDeviation(only: "1") : nil }
  }

  /// What says where sequences start.
  package static let start = "start"

  public static let initialStateScale = Axis(
    "initial_state_scale",
    "Standard deviation of the initial state: h_0 ~ N(0, s²) by seed, and likewise c_0 of an lstm. With 0 and no "
      + "input, the state stays at the fixed point 0 forever. Not for training.",
    \.initialStateScale, .real("numbers from 0 to 1e6") { (0...1e6).contains($0) }, default: "0",
    symbol: "initial state scale ", words: "initial state scale "
  ) { $0.comesLater(with: start) }

  public static let washout = Axis(
    "washout",
    "Steps run before the measured sequence, on inputs of the same task, without differentiating through them; "
      + "their last state is the initial state of the measured sequence. Not for training.",
    \.washout, .whole(0...100_000_000), default: "0", symbol: "washout ", words: "washout "
  ) { $0.comesLater(with: start) }

  public static let forgetBias = Axis(
    "forget_bias", "Forget-gate bias. For the lstm cell only.", get: { $0.forgetBias },
    set: { $0.forgetBias = $1 }, .real("finite numbers of any sign") { $0.isFinite }, default: "1",
    symbol: "forget bias ", words: "LSTM forget bias "
  ) { axis in
    axis.unused = { $0.forgetBias = nil }
    axis.condition = Condition(key: "cells") { $0.cell == .lstm }
    axis.disuse = { specification in
      let cells = specification.values(of: .cell, \.cell)
      guard !cells.contains(.lstm) else { return nil }
      return Disuse(
        cause: "cells",
        problem:
          "is for the lstm cell only, and cells does not include it: "
          + "[\(cells.map(\.rawValue).joined(separator: ", "))]; remove it or add lstm to cells")
    }
  }

  public static let loss = Axis(
    "loss",
    "Loss to differentiate. A text task accepts only the cross-entropy losses and defaults to "
      + "cross-entropy-final; learnable tasks have their own loss, which training also uses.",
    \.loss, .named(among: LossKind.ofTrials), default: LossKind.finalDot.rawValue, symbol: "", words: "loss "
  ) { axis in
    axis.column = "loss_kind"
    axis.caption = { $0.loss.isOfTask ? nil : "loss \($0.loss.rawValue)" }
    axis.key.specialDefault = { specification in
      if specification.hasTaskLoss { return LossKind.task.rawValue }
      return specification.task.kind == .text ? LossKind.crossEntropyFinal.rawValue : nil
    }
  }

  public static let readoutSize = Axis(
    "readout_size",
    "Outputs O of the readout, which every loss but final-dot uses. For gaussian-noise only; other "
      + "tasks determine it.",
    get: { $0.readoutSize }, set: { $0.readoutSize = $1 }, .whole(1...65536), default: "10", symbol: "O = ",
    words: "readout size "
  ) { axis in
    axis.key.aliases = ["O"]
    axis.unused = { $0.readoutSize = nil }
    axis.condition = Condition(key: "loss") { $0.loss.hasReadout }
    axis.disuse = { specification in
      specification.sizesDecided
        ?? (specification.values(of: .loss, \.loss).contains(where: \.hasReadout)
          ? nil : Disuse(cause: "loss"))
    }
  }

  public static let clip = Axis(
    "clip",
    "Gradient clipping, with the threshold x on a norm or an entry of the gradient; in training also "
      + "Pascanu's norm-preserving penalty with its weight, for plain RNNs.",
    \.rule, .clip(), default: "none", symbol: "clip ", words: "clip "
  ) { axis in
    axis.key.exampleValues = "none,global-norm:1"
    axis.members = [
      IdentityMember(name: "clip") { $0.clip.identity },
      IdentityMember(name: "penalty") { $0.training?.penalty?.identity },
    ]
  }

  /// A number n means 0…n − 1; a list or range means exactly its values, as does the alias `seed`, even with one value.
  public static let seed = Axis(
    "seeds", trial: "seed", "Seeds: a number n means 0 to n-1; a list gives the seeds themselves.", \.seed,
    .whole(0...UInt64.max), default: "10", symbol: "seed ", words: "seed "
  ) { axis in
    let count = ValueRule<Int>.whole(1...NumericRange.countLimit)
    let readList = axis.key.read
    axis.key.aliases = ["seed"]
    axis.key.exampleValues = "0,1,2"
    axis.key.allowed = "\(count.allowed), or a list of \(axis.key.allowed)"
    axis.key.read = { (given, specification) throws(SpecificationError) in
      guard given.name == "seeds", case .scalar = given.node.content else {
        return try readList(given, &specification)
      }
      let seeds = try (0..<count.read(given.node, given.name)).map { UInt64($0) }
      specification.set("seeds", to: seeds, .whole(0...UInt64.max)) { $0.seed = $1 }
    }
  }

  public static let precision = Axis(
    "precision", "Floating-point format.", \.precision, .named(), default: Precision.float32.rawValue,
    symbol: "",
    words: "")

  public static let optimiser = Axis(
    training: "optimizer", "Optimizer, which turns gradients into weight updates.", \.optimiser, .optimiser(),
    default: "sgd", words: "optimizer "
  ) { axis in
    axis.key.aliases = ["optimiser"]
    axis.heading = { $0.training?.optimiser.label }
  }

  public static let learningRate = Axis(
    training: "learning_rate", "Learning rate before the schedule scales it.", \.learningRate,
    .aboveZero, default: "0.01", words: "learning rate "
  ) { $0.key.aliases = ["lr"] }

  public static let schedule = Axis(
    training: "schedule", "How the learning rate changes over the updates.", \.schedule, .schedule(),
    default: "constant", words: "schedule "
  ) { $0.isQuietAtDefault = true }

  public static let truncation = Axis(
    training: "truncation",
    "Truncated backpropagation through time: update after every k1 steps, backpropagate k2 steps, and "
      + "carry the state over. Texts are then read continuously; tests and diagnosis still use "
      + "sequence_length.",
    \.truncation, .truncation(), default: "none", words: "truncation "
  ) { axis in
    axis.heading = { $0.training.map { "truncation \($0.truncation?.label ?? "none")" } }
    axis.caption = {
      $0.training.map { $0.truncation.map { "truncation k1:k2 = \($0.label)" } ?? "no truncation" }
    }
    axis.isQuietAtDefault = true
  }

  public static let weightDeviation = Axis(
    training: "weight_sd",
    "Standard deviation of all weights, W_hh, W_ih, W_o and an embedding ~ N(0, s²); replaces spectral_radius and "
      + "input_scale.",
    \.weightDeviation, .optionalPositive(), default: "none", words: "weight sd "
  ) { axis in
    axis.heading = { $0.training?.weightDeviation.map { "weight sd \(CSVField.number($0))" } }
    axis.caption = { trial in
      trial.training.map { training in
        training.weightDeviation.map { "weights ~ N(0, \(CSVField.number($0))²)" }
          ?? "weights at a spectral radius"
      }
    }
    axis.isQuietAtDefault = true
  }
}

extension Axis.Condition {
  /// Trials whose weights are drawn at a spectral radius and an input scale.
  static let scaledWeights = Axis.Condition(key: "weight_sd") { $0.hasScaledWeights }
}

extension Axis.Disuse {
  /// For an axis of how weights are drawn, if `weight_sd` sets that.
  static func byDeviation(only value: String) -> Axis.Disuse {
    Axis.Disuse(
      cause: "weight_sd",
      problem: "must be \(value) here, because weight_sd sets how weights are drawn; remove it",
      only: value)
  }
}

extension SweepSpecification {
  /// Whether every network is drawn with a given standard deviation of its weights.
  var drawsByDeviation: Bool {
    let deviations = values(of: .weightDeviation) { $0.training?.weightDeviation }
    return trains && !deviations.isEmpty && !deviations.contains(nil)
  }

  /// Why the sizes of input and readout cannot be set.
  var sizesDecided: Axis.Disuse? {
    guard task.identity.decidesSizes else { return nil }
    let decider =
      task.kind == .text ? "a text task, whose vocabulary" : "the task \(task.kind.name), which"
    return Axis.Disuse(cause: "task", problem: "cannot be set for \(decider) determines it; remove it")
  }

  /// Why only one length is possible.
  var lengthDecided: Axis.Disuse? {
    guard let steps = task.identity.fixedSteps else { return nil }
    return Axis.Disuse(
      cause: "task",
      problem: "must be \(steps) here, because the task \(task.kind.name) determines it; remove it",
      only: "\(steps)")
  }
}

// MARK: - Identity

extension TrialParameters {
  /// The parameters as JSON in one fixed form: keys sorted, no spaces, numbers as the shortest
  /// decimals that read back the same, without a trailing ".0". What does not apply is left out, and so are the
  /// defaults of axes that were added later.
  public var canonicalJSON: String {
    var text = ""
    text.reserveCapacity(640)
    for member in Self.members {
      guard let value = member.value(self) else { continue }
      text += text.isEmpty ? "{\"" : ",\""
      text += member.name
      text += "\":"
      text += value
    }
    return text + "}"
  }

  /// All members, by name.
  private static let members: [IdentityMember] = {
    let own = [
      IdentityMember(name: "root_seed") { "\($0.rootSeed)" },
      IdentityMember(name: "task") { $0.task.json },
    ]
    return (own + Axis.all.flatMap(\.members) + TrainingParameters.members).sorted { $0.name < $1.name }
  }()

  /// The trial's name in every file: the first 12 hexadecimal digits of SHA-256 over ``canonicalJSON``.
  public var id: String { Self.id(ofJSON: canonicalJSON) }

  /// The id of a trial whose ``canonicalJSON`` this is.
  package static func id(ofJSON text: String) -> String { SHA256.hash(Array(text.utf8)).hexadecimal(12) }
}

extension GradientClip {
  /// For the JSON that identifies a trial.
  fileprivate var identity: String {
    threshold.map { "{\"\(kind.rawValue)\":\($0.shortestDecimal)}" } ?? "\"\(kind.rawValue)\""
  }
}

extension NormPreservationPenalty {
  /// For the JSON that identifies a trial.
  fileprivate var identity: String { "{\"\(form.rawValue)\":\(weight.shortestDecimal)}" }
}
