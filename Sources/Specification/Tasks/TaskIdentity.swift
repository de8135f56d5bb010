import GradientFlow

/// What decides a trial's inputs, beside its seed.
public struct TaskIdentity: Sendable, Hashable {
  public let kind: TaskKind
  /// By name, as its kind has them.
  public let numbers: [String: Int]
  /// Of the bytes of the file it reads, 64 lower-case hexadecimal digits; nil for most.
  public let sha256: String?

  public init(_ kind: TaskKind, numbers: [String: Int] = [:], sha256: String? = nil) {
    (self.kind, self.numbers, self.sha256) = (kind, numbers, sha256)
  }

  /// For captions.
  public var label: String { kind.label(self) }

  /// The task, where its sequences are drawn; nil for noise and for what is read from files.
  public var drawn: (any LearningTask)? {
    if case .drawn(let make) = kind.source { return make(numbers) }
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

  /// The fewest steps of its sequences.
  public var leastSteps: Int { drawn?.leastSteps ?? 1 }

  /// For the JSON that identifies a trial.
  package var json: String {
    var members = [("kind", "\"\(kind.name)\"")] + numbers.map { ($0.key, "\($0.value)") }
    if let sha256 { members.append(("sha256", "\"\(sha256)\"")) }
    let texts = members.sorted { $0.0 < $1.0 }.map { "\"\($0.0)\":\($0.1)" }
    return "{\(texts.joined(separator: ","))}"
  }
}
