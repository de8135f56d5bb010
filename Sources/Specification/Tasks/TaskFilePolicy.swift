import Foundation
import GradientFlow

/// Where the file of a task is looked for, and whether it must lie there.
struct TaskFilePolicy {
  /// The file whose folder relative paths start from.
  let specification: String
  /// Whether a specification that states `sha256` is taken at its word, so that a run can be read where its text is
  /// not; otherwise the file is read and its SHA-256 computed, or compared with the one that is stated.
  let trustsStatedHash: Bool

  /// Whether a path as given leads to something.
  func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: resolve(path)) }

  /// A path as given, resolved against the specification's folder.
  func resolve(_ path: String) -> String {
    let place = path.hasPrefix("/") ? path : PathName.joined(PathName.folder(of: specification), path)
    return PathName.absolute(place) ?? place
  }
}
