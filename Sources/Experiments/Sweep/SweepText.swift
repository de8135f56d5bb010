import Foundation
import GradientFlow

/// The text of a text task.
enum SweepText {
  /// - Throws: ``RunError/textChanged(path:problem:)``.
  static func read(_ path: String, sha256: String) throws(RunError) -> String {
    let data: Data
    let text: String
    do throws(InputFile.Failure) {
      data = try InputFile.bytes(at: path, limit: KeyDefinition.taskByteLimit, mustBeRegular: true)
      text = try InputFile.text(of: data)
    } catch {
      throw .textChanged(path: path, problem: error.problem)
    }
    try compare(data, sha256: sha256, path: path)
    return text
  }

  /// Whether a file is still the one that a specification states.
  ///
  /// - Throws: ``RunError/textChanged(path:problem:)``.
  static func check(_ path: String, sha256: String) throws(RunError) {
    let data: Data
    do throws(InputFile.Failure) {
      data = try InputFile.bytes(at: path, limit: KeyDefinition.taskByteLimit, mustBeRegular: true)
    } catch {
      throw .textChanged(path: path, problem: error.problem)
    }
    try compare(data, sha256: sha256, path: path)
  }

  private static func compare(_ data: Data, sha256: String, path: String) throws(RunError) {
    guard SHA256.hash(data).hexadecimal == sha256 else {
      throw .textChanged(path: path, problem: "its SHA-256 is another one")
    }
  }
}
