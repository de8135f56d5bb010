import GradientFlow

/// A kind of task as specifications name it, described once: what it needs beside its name, where its sequences come
/// from, what captions call it.
///
/// To add one, add a `LearningTask` and an entry of ``all``; everything else asks the task.
public struct TaskKind: Sendable {
  /// In specifications and CSVs.
  public let name: String
  /// The whole numbers that it has.
  package let numbers: [Number]
  package let source: Source
  /// For captions.
  package let label: @Sendable (TaskIdentity) -> String

  /// A whole number that a kind has.
  package struct Number: Sendable {
    package let name: String
    package let range: ClosedRange<Int>
    /// Where it is not given; nil: it is that of the file.
    package let standard: Int?
  }

  /// Where sequences come from.
  package enum Source: Sendable {
    /// x_t ~ N(0, 1), drawn for each trial's seed; it cannot be learned.
    case noise
    /// Drawn for each trial's seed, by a task with such numbers.
    case drawn(@Sendable ([String: Int]) -> any LearningTask)
    /// Read from a file.
    case file(TaskFileFormat)
  }

  package init(
    _ name: String, _ source: Source, numbers: [Number] = [],
    label: (@Sendable (TaskIdentity) -> String)? = nil
  ) {
    self.name = name
    self.source = source
    self.numbers = numbers
    self.label = label ?? { _ in name }
  }
}

extension TaskKind: Hashable {
  public static func == (a: TaskKind, b: TaskKind) -> Bool { a.name == b.name }
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

extension TaskKind {
  public static let gaussianNoise = TaskKind("gaussian-noise", .noise)
  public static let text = TaskKind("text", .file(.text))
  public static let temporalOrder = TaskKind("temporal-order", .drawn { _ in TemporalOrder() })
  public static let adding = TaskKind("adding", .drawn { _ in AddingProblem() })
  public static let multiplication = TaskKind("multiplication", .drawn { _ in MultiplicationProblem() })
  public static let copyMemory = TaskKind("copy-memory", .drawn { _ in CopyMemory() })
  public static let memorisation = TaskKind(
    "memorisation", .drawn { BitMemorisation(bits: $0["bits"] ?? 5) },
    numbers: [Number(name: "bits", range: 1...30, standard: 5)],
    label: { "memorisation of \($0.numbers["bits"] ?? 5) bits" })
  public static let delayedXOR = TaskKind("delayed-xor", .drawn { _ in DelayedXOR() })
  public static let digits = TaskKind(
    "digits", .file(.images), numbers: [Number(name: "pixels", range: 1...1_000_000, standard: nil)])

  /// All there are.
  public static let all = [
    gaussianNoise, text, temporalOrder, adding, multiplication, copyMemory, memorisation, delayedXOR, digits,
  ]

  /// The file it reads; nil for most.
  package var file: TaskFileFormat? {
    if case .file(let format) = source { return format }
    return nil
  }

  /// Its keys in a specification, beside `kind`.
  package var members: [String] { (file == nil ? [] : ["path", "sha256"]) + numbers.map(\.name) }

  /// As a specification writes it: `{kind: memorisation, bits: n}`.
  package var form: String {
    let members =
      (file.map { ["path: \($0.form)"] } ?? [])
      + numbers.filter { $0.standard != nil }.map { "\($0.name): n" }
    return "{\((["kind: \(name)"] + members).joined(separator: ", "))}"
  }
}
