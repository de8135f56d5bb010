import ModelFiles

/// Why a specification was refused.
///
/// The description is one line, ready to be shown: where, what is wrong, the nearest valid word,
/// what is allowed. For example
/// `decay.yaml:7:1: unknown key 'spectral_radios'; did you mean 'spectral_radius'? Allowed keys: …`
public struct SpecificationError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The classes of failure.
  public enum Kind: String, Sendable, CaseIterable {
    /// No file at the path.
    case missingFile
    /// The path leads to a folder.
    case isDirectory
    /// The file cannot be opened or read.
    case unreadableFile
    /// The system could not read the file: a failing disk, too many open files.
    case refusedBySystem
    /// The file's bytes are not UTF-8.
    case notUTF8
    /// The text breaks the rules of YAML or JSON, or uses anchors, aliases or tags.
    case malformed
    /// A key that does not exist.
    case unknownKey
    /// A key that is given twice, perhaps once by its alias.
    case duplicateKey
    /// A required key that is not given.
    case missingKey
    /// Text where a number belongs, a mapping where a list belongs, …
    case wrongType
    /// A name that is not one of the choices.
    case unknownName
    /// A value of the right type beyond what is allowed.
    case outOfRange
    /// A list without values.
    case emptyList
    /// An axis that has a value twice.
    case repeatedValue
    /// A key or value that is good alone but not beside the other ones.
    case contradiction
    /// A text that is not the one that `sha256` states.
    case changedText
    /// More text, more nesting or more trials than is sensible.
    case tooLarge
  }

  /// Where the problem is.
  public enum Place: Equatable, Sendable, CustomStringConvertible {
    /// A file as a whole.
    case file(String)
    /// A position in a file; line and column count from 1, the column in Unicode scalars.
    case position(file: String, line: Int, column: Int)
    /// A `key=value` override.
    case commandLine(override: String)

    /// A position in it: of an override, which is one short text, the override as a whole.
    package func at(line: Int, column: Int) -> Self {
      if case .file(let file) = self { return .position(file: file, line: line, column: column) }
      return self
    }

    /// Whether it is an override.
    package var isCommandLine: Bool {
      if case .commandLine = self { return true }
      return false
    }

    /// `file`, `file:line:column` or `command line: 'key=value'`.
    public var description: String {
      switch self {
      case .file(let file): return file
      case .position(let file, let line, let column): return "\(file):\(line):\(column)"
      case .commandLine(let override): return "command line: \(Excerpt.quoted(override))"
      }
    }
  }

  /// The class of the failure.
  public let kind: Kind
  /// Where it is.
  public let place: Place
  /// The key concerned, `task.path` for a key inside a task; nil when the whole text is.
  public let key: String?
  /// The offending value as written, shortened; nil where there is none.
  public let value: String?
  /// What is wrong, in words.
  public let problem: String
  /// What would be allowed.
  public let allowed: String?
  /// The nearest valid key or name.
  public let suggestion: String?
  /// How the key is given on a command line, as in `seeds=0,1,2`.
  public package(set) var example: String?

  package init(
    _ kind: Kind, at place: Place, key: String? = nil, value: String? = nil, _ problem: String,
    allowed: String? = nil, suggestion: String? = nil
  ) {
    self.kind = kind
    self.place = place
    self.key = key
    self.value = value
    self.problem = problem
    self.allowed = allowed
    self.suggestion = suggestion
  }

  /// The file concerned; nil for an override.
  public var file: String? {
    switch place {
    case .file(let file), .position(let file, _, _): return file
    case .commandLine: return nil
    }
  }

  /// Whether an input file could not be had at all, which a command reports with exit code 66;
  /// every other failure is a bad specification, 78.
  public var isMissingInput: Bool {
    switch kind {
    case .missingFile, .isDirectory, .unreadableFile, .notUTF8: return true
    default: return false
    }
  }

  /// The same error about a name, with those that there are.
  package func offering(_ names: [String]) -> SpecificationError {
    guard let file, !names.isEmpty else { return self }
    return SpecificationError(
      kind, at: place, key: key, value: value, problem + ", and no experiment has this name",
      allowed: "a file, or one of " + names.joined(separator: ", "),
      suggestion: NearestName.of(file, among: names))
  }

  /// The parts in one line.
  public var description: String {
    let label = kind == .unknownKey ? "llowed keys" : "llowed"
    var text = "\(place): \(problem)"
    if let suggestion {
      text += "; did you mean '\(suggestion)'?"
      if let allowed { text += " A\(label): \(allowed)" }
    } else if let allowed {
      text += "; a\(label): \(allowed)"
    }
    if let example { text += "; for example \(example)" }
    return text
  }
}
