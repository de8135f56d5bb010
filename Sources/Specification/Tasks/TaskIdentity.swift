import GradientFlow

/// What decides a trial's inputs, beside its seed.
public struct TaskIdentity: Sendable, Hashable {
  public let kind: TaskKind
  /// By name, as its kind has them.
  public let numbers: [String: Int]
  /// By name: those that are not the first of their choice.
  public let words: [String: String]
  /// Of the bytes of the file it reads, 64 lower-case hexadecimal digits; nil for most.
  public let sha256: String?

  public init(
    _ kind: TaskKind, numbers: [String: Int] = [:], words: [String: String] = [:], sha256: String? = nil
  ) {
    (self.kind, self.numbers, self.words, self.sha256) = (kind, numbers, words, sha256)
  }

  /// A number, or what it is where its kind has none of the name.
  package subscript(name: String, or standard: Int) -> Int { numbers[name] ?? standard }

  /// What was chosen; nil: the first of the choice.
  package func chosen<Word: RawRepresentable<String>>(_ choice: String) -> Word? {
    words[choice].flatMap { Word(rawValue: $0) }
  }

  /// For captions.
  public var label: String { kind.label(self) }

  /// The task, where its sequences are drawn; nil for noise and for what is read from files.
  public var drawn: (any LearningTask)? {
    if case .drawn(let make) = kind.source { return make(self) }
    return nil
  }

  /// Whether the task and not the specification says how many inputs and outputs there are, and what the loss is.
  public var decidesSizes: Bool { kind != .gaussianNoise }

  /// Whether it says when it is solved.
  public var hasSuccessRule: Bool { drawn?.success != nil }

  /// What kind of targets it has.
  public var objective: TaskObjective { drawn?.objective ?? .classification }

  /// The steps whose outputs its own loss reads.
  public func placement(steps: Int) -> LossPlacement {
    drawn?.placement(steps: steps) ?? kind.file?.placement ?? .finalStep
  }

  /// Whether each output is one of the tokens that are read, of which a readout can be the embedding.
  var saysItsTokens: Bool {
    drawn.map { $0.tokenCount == $0.outputSize && $0.objective == .classification } ?? readsTokens
  }

  /// What a language model reads and says; nil for other tasks.
  public var tokenLevel: TokenLevel? { kind.file?.level }
  /// Whether its loss is one of text, of which perplexity is the measure.
  public var isOfText: Bool { kind == .text || tokenLevel != nil }

  /// The fewest steps of its sequences.
  public var leastSteps: Int { drawn?.leastSteps ?? fixedSteps ?? 1 }

  /// The only number of steps its sequences have; nil: any from ``leastSteps`` on.
  public var fixedSteps: Int? { kind.file?.fixedSteps(self) }

  /// How the inputs and outputs of its sequences lie to each other.
  public var topology: SequenceTopology { drawn?.topology ?? kind.file?.topology(self) ?? .manyToMany }

  /// Whether it reads tokens, which can be embedded, and not numbers.
  public var readsTokens: Bool { drawn.map { $0.tokenCount != nil } ?? kind.file?.readsTokens ?? false }

  /// Whether sequences of a batch may have different lengths.
  public var allowsLengths: Bool { drawn?.allowsLengths ?? (fixedSteps == nil) }

  /// Inputs of a step; of a text a usual number, for estimates.
  package var usualInputs: Int { drawn?.inputSize ?? kind.file?.usualInputs(self) ?? 1 }

  /// For the JSON that identifies a trial.
  package var json: String {
    var members = [("kind", "\"\(kind.name)\"")] + numbers.map { ($0.key, "\($0.value)") }
    members += words.map { ($0.key, "\"\($0.value)\"") }
    if let sha256 { members.append(("sha256", "\"\(sha256)\"")) }
    let texts = members.sorted { $0.0 < $1.0 }.map { "\"\($0.0)\":\($0.1)" }
    return "{\(texts.joined(separator: ","))}"
  }
}
