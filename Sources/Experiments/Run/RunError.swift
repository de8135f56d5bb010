/// Why a run cannot be started, continued or read.
public enum RunError: Error, Sendable, CustomStringConvertible {
  /// The directory is not a run.
  case notARun(path: String, problem: String)
  /// The specification differs from the run's in more than added values.
  case specificationChanged(path: String, differences: [String])
  /// The store cannot be opened, read or written.
  case store(path: String, problem: String)
  /// The store was written by a newer version.
  case newerSchema(path: String, found: Int, supported: Int)
  /// Memory or disk would not suffice.
  case tooLarge(what: String, needed: String, available: String, advice: String)
  /// A file or directory cannot be written.
  case cannotWrite(path: String, problem: String)
  /// A trial's text is gone or has changed.
  case textChanged(path: String)

  public var description: String {
    switch self {
    case .notARun(let path, let problem):
      return "\(path): not a run directory: \(problem); give the directory that 'gradflow sweep' wrote"
    case .specificationChanged(let path, let differences):
      return "\(path) holds a run of another specification:\n"
        + differences.map { "  \($0)\n" }.joined()
        + "Only added axis values and seeds continue a run; give another directory with -o."
    case .store(let path, let problem):
      return "\(path): \(problem)"
    case .newerSchema(let path, let found, let supported):
      return "\(path): written with schema version \(found), this program reads up to \(supported); "
        + "use a newer gradflow"
    case .tooLarge(let what, let needed, let available, let advice):
      return "\(what): about \(needed) would be needed, \(available) available; \(advice)"
    case .cannotWrite(let path, let problem):
      return "\(path): cannot write: \(problem); choose another directory with -o"
    case .textChanged(let path):
      return "\(path): the text is not the one this run was started with (its SHA-256 differs)"
    }
  }
}
