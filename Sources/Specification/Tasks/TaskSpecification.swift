import TextFiles

/// Where a sweep's inputs come from, as a specification states it.
public struct TaskSpecification: Sendable, Equatable {
  public let kind: TaskKind
  /// By name, as its kind has them.
  public let numbers: [String: Int]
  /// By name: those that are not the first of their choice.
  public let words: [String: String]
  /// The file it reads; nil for most.
  public let file: TaskFile?

  package init(
    _ kind: TaskKind, numbers: [String: Int] = [:], words: [String: String] = [:], file: TaskFile? = nil
  ) {
    (self.kind, self.numbers, self.words, self.file) = (kind, numbers, words, file)
  }

  /// What of the task decides results: not where a file lies, only what it says.
  public var identity: TaskIdentity {
    TaskIdentity(kind, numbers: numbers, words: words, sha256: file?.sha256)
  }

  /// The same task with the absolute path of its file, independent of the specification's folder.
  package var withAbsolutePath: TaskSpecification {
    TaskSpecification(kind, numbers: numbers, words: words, file: file?.absolute)
  }

  /// As YAML.
  package var text: String {
    var members = ["kind: \(kind.name)"]
    if let file { members += ["path: \(YAMLText.of(file.path))", "sha256: \(file.sha256)"] }
    members += kind.choices.compactMap { choice in words[choice.name].map { "\(choice.name): \($0)" } }
    members += kind.numbers.compactMap { number in numbers[number.name].map { "\(number.name): \($0)" } }
    return "{\(members.joined(separator: ", "))}"
  }
}

/// A file that a task reads.
public struct TaskFile: Sendable, Equatable {
  /// As written in the specification.
  public let path: String
  /// `path` resolved against the specification's folder.
  public let resolvedPath: String
  /// Of the file's bytes, 64 lower-case hexadecimal digits.
  public let sha256: String
  /// Tokens of a text; nil where the file was not read. It follows from the hash, and makes no difference.
  package let tokens: Int?
  /// Paths that the specification names before this one, and that lead nowhere. They make no difference either.
  public let passedOver: [String]

  package var absolute: TaskFile {
    TaskFile(
      path: resolvedPath, resolvedPath: resolvedPath, sha256: sha256, tokens: tokens,
      passedOver: passedOver)
  }

  public static func == (a: TaskFile, b: TaskFile) -> Bool {
    (a.path, a.resolvedPath, a.sha256) == (b.path, b.resolvedPath, b.sha256)
  }
}
