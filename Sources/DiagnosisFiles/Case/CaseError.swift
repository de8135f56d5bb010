import TextFiles

/// Why a case or a model cannot be diagnosed.
public struct CaseError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What a caller may want to tell apart.
  public enum Kind: Sendable, Equatable {
    /// No such file or directory, or none that can be read.
    case missing
    /// The system could not read it: a failing disk, too many open files.
    case refused
    /// The contents are not what they must be.
    case malformed
    /// A number is NaN or infinite.
    case notFinite
    /// What is described is not computed.
    case unsupported
  }

  public let kind: Kind
  /// File, key or array that is wrong.
  public let place: String
  /// What is wrong, and what to do.
  public let problem: String

  public init(_ kind: Kind, place: String, problem: String) {
    self.kind = kind
    self.place = place
    self.problem = problem
  }

  public var description: String { "\(place): \(problem)" }
}

extension CaseError {
  /// What is wrong with a JSON file of a case, or why it cannot be read.
  package init(_ error: SpecificationError, advice: String? = nil) {
    let kind: Kind =
      switch error.kind {
      case .missingFile, .isDirectory, .unreadableFile: .missing
      case .refusedBySystem: .refused
      default: .malformed
      }
    let advice = [
      error.suggestion.map { "did you mean '\($0)'?" }, error.allowed.map { "allowed: \($0)" }, advice,
    ]
    self.init(
      kind, place: "\(error.place)",
      problem: ([error.problem] + advice.compactMap { $0 }).joined(separator: "; "))
  }
}
