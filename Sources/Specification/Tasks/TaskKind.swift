import GradientFlow

/// A kind of task as specifications name it, described once: what it needs beside its name, where its sequences come
/// from, what captions call it.
///
/// To add one, add a `LearningTask` and an entry of ``all``; everything else asks the task.
public struct TaskKind: Sendable {
  /// In specifications and CSVs.
  public let name: String
  /// The words that it has: one of some for each.
  package let choices: [Choice]
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
    /// The choice that it belongs to; nil: it is there whatever was chosen.
    package let use: Use?
    /// The number before it that is to be a multiple of it.
    package let multiple: String?

    /// A choice and its word.
    package struct Use: Sendable {
      package let choice, word: String
    }

    package init(
      _ name: String, _ range: ClosedRange<Int>, standard: Int?, use: Use? = nil, multiple: String? = nil
    ) {
      self.name = name
      self.range = range
      self.standard = standard
      self.use = use
      self.multiple = multiple
    }
  }

  /// A choice that a kind has. The first word is the standard: it is not written where it was chosen, so that what did not
  /// ask for the choice is what it was before there was one.
  package struct Choice: Sendable {
    package let name: String
    package let words: [String]

    package init(_ name: String, _ words: [String]) {
      self.name = name
      self.words = words
    }
  }

  /// Where sequences come from.
  package enum Source: Sendable {
    /// x_t ~ N(0, 1), drawn for each trial's seed; it cannot be learned.
    case noise
    /// Drawn for each trial's seed, by a task with such numbers and words.
    case drawn(@Sendable (TaskIdentity) -> any LearningTask)
    /// Read from a file.
    case file(TaskFileFormat)
  }

  package init(
    _ name: String, _ source: Source, choices: [Choice] = [], numbers: [Number] = [],
    label: (@Sendable (TaskIdentity) -> String)? = nil
  ) {
    self.name = name
    self.source = source
    self.choices = choices
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
    "memorisation", .drawn { BitMemorisation(bits: $0["bits", or: 5]) },
    numbers: [Number("bits", 1...30, standard: 5)],
    label: { "memorisation of \($0["bits", or: 5]) bits" })
  public static let delayedXOR = TaskKind("delayed-xor", .drawn { _ in DelayedXOR() })
  public static let echo = TaskKind(
    "echo", .drawn { Echo(delay: $0["delay", or: 10], symbols: $0["symbols", or: 8]) },
    numbers: [
      Number("delay", 1...1_000_000, standard: 10), Number("symbols", 2...10_000, standard: 8),
    ],
    label: { "echo after \($0["delay", or: 10]) steps" })
  public static let flipFlop = TaskKind(
    "flip-flop", .drawn { FlipFlop(bits: $0["bits", or: 3]) },
    numbers: [Number("bits", 1...1_000, standard: 3)],
    label: { "\($0["bits", or: 3])-bit flip-flop" })
  public static let reversal = TaskKind(
    "reversal", .drawn { Reversal(symbols: $0["symbols", or: 8]) },
    numbers: [Number("symbols", 2...10_000, standard: 8)],
    label: { "reversal of \($0["symbols", or: 8]) symbols" })
  public static let classToSequence = TaskKind(
    "class-to-sequence",
    .drawn { ClassToSequence(classes: $0["classes", or: 4], feedback: $0.chosen("feedback") ?? .ownOutput) },
    choices: [
      Choice("feedback", [SequenceTopology.NextInput.ownOutput, .nothing].map(\.rawValue))
    ],
    numbers: [Number("classes", 2...10_000, standard: 4)],
    label: { "\($0["classes", or: 4]) classes to sequences" })
  public static let digits = TaskKind(
    "digits", .file(.images), choices: [Choice("rows", DigitRows.allCases.map(\.rawValue))],
    numbers: [
      Number("pixels", 1...1_000_000, standard: nil),
      Number(
        "width", 1...1_000_000, standard: nil, use: .init(choice: "rows", word: DigitRows.row.rawValue),
        multiple: "pixels"),
    ],
    label: { DigitRows($0).label })

  /// Of a language model's text: percent that are for validation, and for the test at the end.
  package static let validationPercent = "validation", testPercent = "test"
  /// V at most, of a language model of words.
  package static let vocabularyLimit = "vocabulary"
  private static let heldOutParts = [validationPercent, testPercent].map { Number($0, 1...45, standard: 10) }
  public static let characterModel = TaskKind(
    "char-lm", .file(.characters), numbers: heldOutParts, label: { _ in "the next character" })
  public static let wordModel = TaskKind(
    "word-lm", .file(.words),
    numbers: [Number(vocabularyLimit, 2...1_000_000, standard: 10_000)] + heldOutParts,
    label: { "the next of \($0[vocabularyLimit, or: 10_000]) words" })

  /// All there are.
  public static let all = [
    gaussianNoise, text, characterModel, wordModel, temporalOrder, adding, multiplication, copyMemory,
    memorisation, delayedXOR, echo,
    flipFlop, reversal, classToSequence, digits,
  ]

  /// The file it reads; nil for most.
  package var file: TaskFileFormat? {
    if case .file(let format) = source { return format }
    return nil
  }

  /// Whether a task of this kind has a number.
  ///
  /// - Parameter words: what was chosen, but for first words.
  package func has(_ number: Number, words: [String: String]) -> Bool {
    guard let use = number.use else { return true }
    let first = choices.first { $0.name == use.choice }?.words.first
    return words[use.choice] ?? first == use.word
  }

  /// Its keys in a specification, beside `kind`.
  package var members: [String] {
    (file == nil ? [] : ["path", "sha256"]) + choices.map(\.name) + numbers.map(\.name)
  }

  /// As a specification writes it: `{kind: memorisation, bits: n}`.
  package var form: String {
    let members =
      (file.map { ["path: \($0.form)"] } ?? [])
      + choices.map { "\($0.name): \($0.words.joined(separator: " | "))" }
      + numbers.filter { $0.standard != nil }.map { "\($0.name): n" }
    return "{\((["kind: \(name)"] + members).joined(separator: ", "))}"
  }
}
