import Specification
import TextFiles

extension [TrialParameters] {
  /// The only one whose id begins with some digits.
  ///
  /// - Parameter path: of the run, for messages.
  /// - Throws: ``RunError/unknownTrial(id:path:problem:)``.
  package func beginning(with id: String, in path: String) throws(RunError) -> TrialParameters {
    let matches = filter { $0.id.hasPrefix(id.lowercased()) }
    guard let trial = matches.first, matches.count == 1, !id.isEmpty else {
      throw RunError.unknownTrial(
        id: id, path: path,
        problem: matches.count > 1 ? "\(matches.count) trials begin with" : "it has no trial")
    }
    return trial
  }
}
