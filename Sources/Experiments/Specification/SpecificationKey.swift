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
  case forgetBias = "forget_bias"
  case loss
  case readoutSize = "readout_size"
  case clip
  case seeds
  case precision
  case rootSeed = "root_seed"

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
        "Inputs I of a step. Not for a text task, where the vocabulary decides.",
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
    case .forgetBias:
      return .axis(
        "Bias of the forget gate. For the lstm cell only.",
        \.forgetBiases, .real("finite numbers of any sign") { $0.isFinite }, default: "1")
    case .loss:
      return .axis(
        "What is differentiated. A text task takes the cross-entropies only, and "
          + "cross-entropy-final by default.",
        \.losses, .named(), default: LossKind.finalDot.rawValue,
        defaultForText: LossKind.crossEntropyFinal.rawValue)
    case .readoutSize:
      return .axis(
        "Outputs O of the readout. Used by the losses that have one, that is by all but "
          + "final-dot. Not for a text task, where the vocabulary decides.",
        \.readoutSizes, .whole(1...65536), default: "10")
    case .clip:
      return .axis(
        "How gradients are clipped, with the threshold x on a norm or an entry of the gradient.",
        \.clips, .clip(), default: "none")
    case .seeds:
      return .seeds
    case .precision:
      return .axis(
        "Floating-point format.", \.precisions, .named(), default: Precision.float32.rawValue)
    case .rootSeed:
      return .value(
        "Root of all random streams; another one repeats the sweep with fresh numbers.",
        \.rootSeed, .whole(0...UInt64.max), default: "0")
    }
  }
}
