/// Why a model file could not be read or written.
///
/// The description is one line, ready to be shown: file, place in the file, what is there, and
/// what is allowed or what to do. `kind` is for callers that choose an exit code or a fallback.
public struct ModelFileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The classes of failure a caller may want to tell apart.
  public enum Kind: String, Equatable, Sendable, CaseIterable {
    /// No file at the path.
    case missing
    /// Something is at the path but its bytes cannot be read: a directory, no permission, I/O.
    case unreadable
    /// The system could not read what is there: a failing disk, too many open files. The same call may succeed later.
    case refused
    /// The bytes break the rules of the format.
    case malformed
    /// The bytes may follow the rules but use a part of the format that is not offered here.
    case unsupported
    /// Values, shape or names handed to a call do not fit together.
    case mismatch
    /// The output file could not be written; a file already at the path is unchanged.
    case cannotWrite
  }

  /// The class of the failure.
  public let kind: Kind
  /// The path as the caller gave it, or `nil` when the bytes came from memory.
  public let file: String?
  /// A byte offset, tensor, member or header key; `nil` when the whole file is meant.
  public let place: String?
  /// What is there.
  public let found: String
  /// What is allowed, or what to do.
  public let advice: String

  /// Makes an error from its parts.
  public init(
    _ kind: Kind, file: String? = nil, place: String? = nil, found: String, advice: String
  ) {
    self.kind = kind
    self.file = file
    self.place = place
    self.found = found
    self.advice = advice
  }

  /// The parts in one line: `file: place: found; advice`.
  public var description: String {
    let shownFile = file == "" ? "\"\"" : file
    let facts = [shownFile, place, found].compactMap { $0 }.joined(separator: ": ")
    return "\(facts); \(advice)"
  }

  /// A value, or the error of finding it with an outer place put before its own, and a file if it had none.
  public static func locating<Result>(
    file outerFile: String? = nil, place outerPlace: @autoclosure () -> String? = nil,
    _ body: @autoclosure () throws(ModelFileError) -> Result
  ) throws(ModelFileError) -> Result {
    do {
      return try body()
    } catch {
      let places = [outerPlace(), error.place].compactMap { $0 }
      throw ModelFileError(
        error.kind, file: error.file ?? outerFile,
        place: places.isEmpty ? nil : places.joined(separator: ", "),
        found: error.found, advice: error.advice)
    }
  }
}

extension ModelFileError {
  static func malformed(_ place: String?, _ found: String, _ advice: String) -> Self {
    ModelFileError(.malformed, place: place, found: found, advice: advice)
  }

  static func unsupported(_ place: String?, _ found: String, _ advice: String) -> Self {
    ModelFileError(.unsupported, place: place, found: found, advice: advice)
  }

  static func mismatch(_ place: String?, _ found: String, _ advice: String) -> Self {
    ModelFileError(.mismatch, place: place, found: found, advice: advice)
  }
}

extension ModelFileError {
  /// The error of a file that the system would not write.
  public init(cannotWrite path: String, _ failure: SystemFailure) {
    self.init(
      .cannotWrite, file: path, found: "cannot be written (\(failure.problem))", advice: failure.advice)
  }

  /// The error of a file that the system would not read.
  public init(cannotRead path: String, _ failure: SystemFailure) {
    self.init(
      failure.isOfEnvironment ? .refused : .unreadable, file: path,
      found: "cannot be read (\(failure.problem))",
      advice: failure.isOfEnvironment ? failure.advice : "check the file's permissions")
  }

  /// Whether it tells of the machine (a full disk, too many open files) and not of what was asked for.
  public var isOfEnvironment: Bool { kind == .cannotWrite || kind == .refused }
}
