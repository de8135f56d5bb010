import Crypto
import Foundation
import GradientFlow

/// The text of a text task.
enum SweepText {
  static func read(_ path: String, sha256: String) throws(RunError) -> String {
    guard let data = FileManager.default.contents(atPath: path),
      let text = String(data: data, encoding: .utf8)
    else {
      throw .textChanged(path: path)
    }
    guard SHA256.hash(data: data).hexadecimal == sha256 else { throw .textChanged(path: path) }
    return text
  }
}
