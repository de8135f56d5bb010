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
  /// What is wrong with a value of `case.json`.
  package init(_ error: SpecificationError) {
    let advice =
      (error.suggestion.map { "; did you mean '\($0)'?" } ?? "")
      + (error.allowed.map { "; allowed: \($0)" } ?? "")
    self.init(.malformed, place: "\(error.place)", problem: error.problem + advice)
  }

  /// Why one of its files cannot be read.
  package init(_ failure: InputFile.Failure, place: String, advice: String?) {
    let kind: Kind =
      switch failure.kind {
      case .missingFile, .isDirectory, .unreadableFile: .missing
      case .refusedBySystem: .refused
      default: .malformed
      }
    self.init(kind, place: place, problem: failure.problem + (advice.map { "; \($0)" } ?? ""))
  }
}
