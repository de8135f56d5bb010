import GradientFlow

/// Whether the text of a text task must lie where the specification says.
enum TaskFilePolicy {
  /// The file is read and its SHA-256 computed, or compared with the one that is stated.
  case required(relativeTo: String)
  /// A specification that states `sha256` is taken at its word, so that a run can be read where
  /// its text is not.
  case optional(relativeTo: String)

  /// The file whose folder relative paths start from.
  package var specification: String {
    switch self {
    case .required(let file), .optional(let file): return file
    }
  }

  /// Whether a stated SHA-256 suffices.
  var trustsStatedHash: Bool {
    if case .optional = self { return true }
    return false
  }

  /// A path as given, resolved against the specification's folder.
  func resolve(_ path: String) -> String {
    let place = path.hasPrefix("/") ? path : PathName.joined(PathName.folder(of: specification), path)
    return PathName.absolute(place) ?? place
  }
}
