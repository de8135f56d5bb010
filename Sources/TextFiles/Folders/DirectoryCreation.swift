import Foundation
import GradientFlow

/// Makes a directory and those above it, and checks that files can be written into it.
///
/// - Throws: ``RunError`` with the system's reason.
package func makeDirectory(_ path: String) throws(RunError) {
  if path.isEmpty { throw .cannotWrite(path: "''", problem: "the name of the directory is empty") }
  var made = path.hasPrefix("/") ? "/" : ""
  for component in path.split(separator: "/") {
    made += (made.isEmpty || made.hasSuffix("/") ? "" : "/") + component
    if uninterrupted({ mkdir(made, 0o777) }) != 0, errno != EEXIST { throw .writing(path, errno) }
  }
  var isDirectory: ObjCBool = false
  guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory.boolValue
  else {
    throw .cannotWrite(path: path, problem: "it is a file, not a directory")
  }
  guard access(path, W_OK) == 0 else { throw .writing(path, errno) }
}
