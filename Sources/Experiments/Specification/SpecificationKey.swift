import GradientFlow

/// The keys of a specification, in the order of its normalised form.
///
/// A new key is a case here with its ``definition``, and a property of ``SweepSpecification``.
public enum SpecificationKey: String, Sendable, Hashable, CaseIterable {
  case name
  case task
  case cells
  case hiddenSize = "hidden_size"
  case inputSize = "input_size"
  case batchSize = "batch_size"
  case sequenceLength = "sequence_length"
  case spectralRadius = "spectral_radius"
  case initializer
  case inputScale = "input_scale"
  case initialStateScale = "initial_state_scale"
  case washout
  case forgetBias = "forget_bias"
  case loss
  case readoutSize = "readout_size"
  case clip
  case seeds
  case precision
  case rootSeed = "root_seed"
  case iterations
  case optimiser = "optimizer"
  case learningRate = "learning_rate"
  case schedule
  case truncation
  case weightDeviation = "weight_sd"
  case readoutStart = "readout_start"
  case stopsAtSuccess = "stop_at_success"
  case evaluationSize = "evaluation_size"
  case evaluateEvery = "evaluate_every"
  case recordEvery = "record_every"
  case diagnoseEvery = "diagnose_every"
  case detail = "diagnostics"
  case checkpointEvery = "checkpoint_every"

  /// The other names the key may be given by.
  public var aliases: [String] { definition.aliases }
  /// What the key means, with its unit.
  public var summary: String { definition.summary }
  /// Which values are allowed.
  public var allowed: String { definition.allowed }
  /// The default, as YAML; nil for a required key.
  public var defaultText: String? { definition.defaultText }
  /// Whether the key takes several values, each of which multiplies the trials.
  public var isAxis: Bool { definition.isAxis }
  /// Whether it is of use only where networks are trained.
  public var isForTraining: Bool { definition.isForTraining }

  /// The key with a name or an alias.
  static func named(_ name: String) -> SpecificationKey? {
    SpecificationKey(rawValue: name) ?? allCases.first { $0.aliases.contains(name) }
  }

  /// Everything there is to know about a key.
  var definition: KeyDefinition {
    switch self {
    case .name:
      return .name
    case .task:
      return .task
    case .cells:
      return .axis(
        "Recurrent cells.",
        \.cells, .named(), default: "[rnn, lstm]", aliases: ["cell"])
    case .hiddenSize:
      return .axis("Hidden units H.", \.hiddenSizes, .whole(1...16384), default: "64")
    case .inputSize:
      return .axis(
        "Inputs I of a step. For gaussian-noise alone; other tasks decide it.",
        \.inputSizes, .whole(1...65536), default: "16")
    case .batchSize:
      return .axis("Sequences B in the batch.", \.batchSizes, .whole(1...65536), default: "16")
    case .sequenceLength:
      return .axis("Steps T.", \.sequenceLengths, .whole(1...100_000_000), default: "100")
    case .spectralRadius:
      return .axis(
        "Spectral radius that every H×H block of W_hh is scaled to.",
        \.spectralRadii, .real("numbers from 0 to 1e6") { (0...1e6).contains($0) }, default: "1")
    case .initializer:
      return .axis(
        "How W_hh is drawn before it is scaled.",
        \.initializers, .named(), default: "gaussian")
    case .inputScale:
      return .axis(
        "Standard deviation s of a unit's input current: W_ih ~ N(0, s²/I).",
        \.inputScales, .real("finite numbers from 0") { $0 >= 0 }, default: "1")
    case .initialStateScale:
      return .axis(
        "Standard deviation of the first state: h_0 ~ N(0, s²) by seed, and c_0 of an lstm likewise. Without input "
          + "and with 0 the state stays at the fixed point 0 for ever. Not for training.",
        \.initialStateScales, .real("numbers from 0 to 1e6") { (0...1e6).contains($0) }, default: "0"
      ).unwrittenAtDefault
    case .washout:
      return .axis(
        "Steps that are run before the first, on inputs of the same task, and not differentiated through: the state "
          + "they end in is the initial state of the measured sequence. Not for training.",
        \.washouts, .whole(0...100_000_000), default: "0"
      ).unwrittenAtDefault
    case .forgetBias:
      return .axis(
        "Bias of the forget gate. For the lstm cell only.",
        \.forgetBiases, .real("finite numbers of any sign") { $0.isFinite }, default: "1")
    case .loss:
      return .axis(
        "What is differentiated. A text task takes the cross-entropies only, and "
          + "cross-entropy-final by default; tasks to be learned have a loss of their own, which is "
          + "also that of training.",
        \.losses, .named(), default: LossKind.finalDot.rawValue,
        defaultForText: LossKind.crossEntropyFinal.rawValue)
    case .readoutSize:
      return .axis(
        "Outputs O of the readout. Used by the losses that have one, that is by all but "
          + "final-dot. For gaussian-noise alone; other tasks decide it.",
        \.readoutSizes, .whole(1...65536), default: "10")
    case .clip:
      return .axis(
        "How gradients are clipped, with the threshold x on a norm or an entry of the gradient; in "
          + "training also Pascanu's norm-preserving penalty with its weight, for plain RNNs.",
        \.rules, .clip(), default: "none")
    case .seeds:
      return .seeds
    case .precision:
      return .axis(
        "Floating-point format.", \.precisions, .named(), default: Precision.float32.rawValue)
    case .rootSeed:
      return .value(
        "Root of all random streams; another one repeats the sweep with fresh numbers.",
        \.rootSeed, .whole(0...UInt64.max), default: "0")
    case .iterations:
      return .iterations
    case .optimiser:
      return .axis("How a gradient changes the weights.", \.optimisers, .optimiser(), default: "sgd")
        .forTraining
    case .learningRate:
      return .axis(
        "Learning rate, which the schedule multiplies by a factor.", \.learningRates,
        .real("finite numbers above 0") { $0 > 0 }, default: "0.01"
      ).forTraining
    case .schedule:
      return .axis(
        "How the learning rate goes with the updates.", \.schedules, .schedule(), default: "constant"
      ).forTraining
    case .truncation:
      return .axis(
        "Truncated backpropagation through time: an update after every k1 steps, gradients that go "
          + "back k2 steps, the state carried on. Of a text, readers go on without end; test and "
          + "diagnosis use sequence_length.",
        \.truncations, .truncation(), default: "none"
      ).forTraining
    case .weightDeviation:
      return .axis(
        "Standard deviation of every weight, W_hh, W_ih and W_o ~ N(0, s²), in place of "
          + "spectral_radius and input_scale.",
        \.weightDeviations, .optionalPositive(), default: "none"
      ).forTraining
    case .readoutStart:
      return .value(
        "The readout to start with: drawn at random, or the best constant prediction, so that the "
          + "loss starts at chance.",
        \.readoutStart, .named(), default: ReadoutStart.drawn.rawValue
      ).forTraining
    case .stopsAtSuccess:
      return .value(
        "Whether training ends when the task is solved.", \.stopsAtSuccess, .truth(), default: "true"
      ).forTraining
    case .evaluationSize:
      return .value(
        "Sequences of the test set, in hundreds, the same for all trials. A tenth is read first, the "
          + "rest where that may be a success.",
        \.evaluationSize, .whole(100...10_000_000), default: "10000"
      ).forTraining
    case .evaluateEvery:
      return .value(
        "Updates between two tests; auto: a hundredth of all.", \.evaluateEvery, .cadence(),
        default: "auto"
      ).forTraining
    case .recordEvery:
      return .value(
        "Updates a row of training.csv sums up; auto: a five-hundredth of all.", \.recordEvery,
        .cadence(), default: "auto"
      ).forTraining
    case .diagnoseEvery:
      return .value(
        "Updates between two profiles of gradients by timestep; auto: a fiftieth of all.",
        \.diagnoseEvery, .cadence(), default: "auto"
      ).forTraining
    case .detail:
      return .value(
        "What a profile has: light (norms of the states' gradients), standard (also contributions, "
          + "saturation, what clipping cuts, spectral radius), full (also by gate, Lyapunov exponent).",
        \.detail, .named(), default: TrainingDetail.standard.rawValue
      ).forTraining
    case .checkpointEvery:
      return .value(
        "Updates between two models that are kept in RUN/models beside the last; 0: none.",
        \.checkpointEvery, .whole(0...1_000_000_000), default: "0"
      ).forTraining
    }
  }
}
