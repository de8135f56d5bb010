import GradientFlow
import TextFiles

/// A key of a specification: what it means, allows and defaults to, and how it is read and written.
///
/// The keys of ``Axis/all`` take several values, each of which multiplies the trials; a new key with a single value is a
/// property of ``SweepSpecification`` with its key here.
public struct SpecificationKey: Sendable {
  /// A key's value as it is given, with what its reader needs to know.
  package struct Given {
    /// The name that was used, perhaps an alias.
    package let name: String
    package let node: SpecificationNode
    let taskFiles: TaskFilePolicy
  }

  public let rawValue: String
  /// What the key means, with its unit.
  public let summary: String
  /// Which values are allowed.
  public internal(set) var allowed: String
  /// The default, as YAML; nil for a required key.
  public let defaultText: String?
  /// The other names the key may be given by.
  public internal(set) var aliases: [String] = []
  /// Values as a command line gives them, for messages.
  package var example: String { (exampleValues ?? defaultText ?? "").filter { !" []".contains($0) } }
  /// nil: the default.
  var exampleValues: String?
  /// Whether the key takes several values, each of which multiplies the trials.
  public internal(set) var isAxis = false
  /// Whether its value may be a list, though it multiplies nothing.
  var takesList = false
  /// Whether it is of use only where networks are trained.
  public internal(set) var isForTraining = false
  /// Whether the normalised form leaves the key out where it has its default alone, so that specifications written
  /// before the key existed keep their bytes.
  var isUnwrittenAtDefault = false
  /// Whether other values mean other trials.
  package var decidesTrials = true
  /// The default beside other keys, as YAML; nil: the usual one.
  var specialDefault: @Sendable (SweepSpecification) -> String? = { _ in nil }
  /// Reads the value into a specification.
  package var read: @Sendable (Given, inout SweepSpecification) throws(SpecificationError) -> Void
  /// The values as YAML, one text each; empty where the key does not apply.
  package var values: @Sendable (SweepSpecification) -> [String]

  /// The keys in the order of the normalised form.
  public static let allCases: [SpecificationKey] = {
    let axes = Axis.all.map(\.key)
    return [.name, .task] + axes.filter { !$0.isForTraining } + [.rootSeed, .recording, .iterations]
      + axes.filter(\.isForTraining) + [
        .readoutStart, .stopsAtSuccess, .evaluationSize, .testLengths, .evaluateEvery, .recordEvery,
        .diagnoseEvery, .detail, .checkpointEvery, .figures,
      ]
  }()

  /// The key with a name or an alias.
  package static func named(_ name: String) -> SpecificationKey? { byName[name] }

  private static let byName = Dictionary(
    allCases.flatMap { key in ([key.rawValue] + key.aliases).map { ($0, key) } },
    uniquingKeysWith: { first, _ in first })
}

extension SpecificationKey: Hashable {
  public static func == (a: SpecificationKey, b: SpecificationKey) -> Bool { a.rawValue == b.rawValue }
  public func hash(into hasher: inout Hasher) { hasher.combine(rawValue) }
}

extension SpecificationKey {
  /// The key of an axis: one value, a list, or a range.
  package static func axis<Value: AxisValue>(
    _ name: String, _ summary: String, _ rule: ValueRule<Value>, default defaultText: String,
    set: @escaping @Sendable (inout TrialParameters, Value) -> Void
  ) -> SpecificationKey {
    var key = SpecificationKey(
      rawValue: name, summary: summary, allowed: rule.allowed, defaultText: defaultText,
      read: { (given, specification) throws(SpecificationError) in
        specification.set(name, to: try rule.readAxis(given.node, key: given.name), rule, set)
      },
      values: { $0.axes[name]?.texts ?? [] })
    key.isAxis = true
    return key
  }

  /// A key with a single value.
  package static func value<Value: Hashable & Sendable>(
    _ name: String, _ summary: String, _ path: WritableKeyPath<SweepSpecification, Value> & Sendable,
    _ rule: ValueRule<Value>, default defaultText: String?
  ) -> SpecificationKey {
    SpecificationKey(
      rawValue: name, summary: summary, allowed: rule.allowed, defaultText: defaultText,
      read: { (given, specification) throws(SpecificationError) in
        specification[keyPath: path] = try rule.read(given.node, given.name)
      },
      values: { [rule.text($0[keyPath: path])] })
  }

  /// A key with a single value that training alone has.
  package static func training<Value: Hashable & Sendable>(
    _ name: String, _ summary: String, _ path: WritableKeyPath<SweepSpecification, Value> & Sendable,
    _ rule: ValueRule<Value>, default defaultText: String
  ) -> SpecificationKey {
    var key = value(name, summary, path, rule, default: defaultText)
    key.isForTraining = true
    key.values = { $0.trains ? [rule.text($0[keyPath: path])] : [] }
    return key
  }
}

extension SpecificationKey {
  package static let rootSeed = value(
    "root_seed", "Root of all random streams; change it to repeat the sweep with fresh numbers.", \.rootSeed,
    .whole(0...UInt64.max), default: "0")

  /// Written only where some steps are left out.
  package static let recording = {
    var key = value(
      "record",
      "Steps kept of each diagnosed trial: every, or log-spaced: all lags T - t below 128, then 64 per octave, and "
        + "the first steps. Rates and totals are always of all steps.",
      \.recording, .named(), default: StepRecording.every.rawValue)
    key.isUnwrittenAtDefault = true
    return key
  }()

  /// Whose 0 is not written: there is no training then.
  package static let iterations = {
    var key = training(
      "iterations", "Maximum number of training updates; 0: no training, gradients of the untrained network.",
      \.iterations, .whole(0...1_000_000_000), default: "0")
    key.isForTraining = false
    return key
  }()

  package static let readoutStart = training(
    "readout_start",
    "Initial readout: drawn at random, or the best constant prediction, so that the loss starts at chance.",
    \.readoutStart, .named(), default: ReadoutStart.drawn.rawValue)

  package static let stopsAtSuccess = training(
    "stop_at_success", "Whether to stop training when the task is solved.", \.stopsAtSuccess, .truth(),
    default: "true")

  package static let evaluationSize = training(
    "evaluation_size",
    "Number of test sequences, rounded up to hundreds, the same for all trials. A tenth is tested first, the rest "
      + "only if that may be a success.",
    \.evaluationSize, .whole(100...10_000_000), default: "10000")

  /// Written later than the others, and only where there are some.
  package static let testLengths = {
    var key = training(
      "test_length",
      "Lengths at which the trained network is also tested at the end, on all evaluation_size sequences, beside "
        + "sequence_length: one or a list; none: only there.",
      \.testLengths, .wholes(1...100_000_000), default: "none")
    key.isUnwrittenAtDefault = true
    key.takesList = true
    return key
  }()

  package static let evaluateEvery = training(
    "evaluate_every", "Updates between two tests; auto: 1/100 of all.", \.evaluateEvery, .cadence(),
    default: "auto")

  package static let recordEvery = training(
    "record_every", "Updates summarised by one row of training.csv; auto: 1/500 of all.", \.recordEvery,
    .cadence(), default: "auto")

  package static let diagnoseEvery = training(
    "diagnose_every", "Updates between two profiles of gradients by timestep; auto: 1/50 of all.",
    \.diagnoseEvery, .cadence(), default: "auto")

  package static let detail = training(
    "diagnostics",
    "Contents of a profile: light (norms of state gradients), standard (also contributions, saturation, what "
      + "clipping cuts, spectral radius), full (also values per gate and the Lyapunov exponent).",
    \.detail, .named(), default: TrainingDetail.standard.rawValue)

  package static let checkpointEvery = training(
    "checkpoint_every",
    "Updates between models saved in RUN/models in addition to the last; 0: only the last.",
    \.checkpointEvery, .whole(0...1_000_000_000), default: "0")

  package static let name = value(
    "name", "Name of the sweep and of its run directory.", \.name, .fileName, default: nil)
}

extension ValueRule<String> {
  /// A word that can be the name of a folder or a file.
  package static var fileName: ValueRule {
    let allowed = "letters, digits, '-', '_' and '.', not first '.'"
    return ValueRule(
      allowed: allowed, numbers: .none,
      read: { (node, key) throws(SpecificationError) in
        guard let word = node.word,
          node.plainWord.map({ !SpecificationNode.truthWords.contains($0) }) ?? true
        else { throw node.error(.wrongType, key: key, "is not a name", allowed: allowed) }
        guard word.utf8.count <= 100 else {
          throw node.error(.outOfRange, key: key, "is too long", allowed: "up to 100 characters")
        }
        guard isFileName(word) else {
          throw node.error(.outOfRange, key: key, "is not a valid name", allowed: allowed)
        }
        return word
      },
      text: YAMLText.of)
  }

  package static func isFileName(_ word: String) -> Bool {
    !word.isEmpty && word.utf8.count <= 100 && word.first != "."
      && word.unicodeScalars.allSatisfy {
        ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0)
          || "-_.".unicodeScalars.contains($0)
      }
  }
}
