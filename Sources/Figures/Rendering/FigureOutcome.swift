/// What became of a figure.
public enum FigureOutcome<Name: Sendable & Equatable>: Sendable, Equatable {
  /// Its files, and what is wrong with them.
  case written(Name, files: [String], warnings: [String])
  /// The same under another name, because a script was edited and is kept.
  case writtenBeside(KeptScript, Name, files: [String], warnings: [String])
  /// It says nothing about what was to be drawn.
  case omitted(Name, reason: String)

  /// Which figure it is.
  public var name: Name {
    switch self {
    case .written(let name, _, _), .writtenBeside(_, let name, _, _), .omitted(let name, _): return name
    }
  }

  /// The last of its files; nil where it was left out.
  public var image: String? {
    switch self {
    case .written(_, let files, _), .writtenBeside(_, _, let files, _): return files.last
    case .omitted: return nil
    }
  }
}
