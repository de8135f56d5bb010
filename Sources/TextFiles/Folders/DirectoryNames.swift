import Foundation
import GradientFlow

/// The names in a directory, in no order; none where there is no directory.
///
/// - Throws: ``RunError/readingRefused(path:_:)``: a directory that cannot be read must not be taken for an empty one.
package func namesInDirectory(_ path: String) throws(RunError) -> [String] {
  errno = 0
  var opened = opendir(path)
  while opened == nil, errno == EINTR { opened = opendir(path) }
  guard let handle = opened else {
    if [ENOENT, ENOTDIR, EACCES].contains(errno) { return [] }
    throw .readingRefused(path: path, .last)
  }
  defer { closedir(handle) }
  var names: [String] = []
  while true {
    errno = 0
    guard let entry = readdir(handle) else {
      if errno == 0 { return names }
      throw .readingRefused(path: path, .last)
    }
    let name = withUnsafePointer(to: &entry.pointee.d_name) {
      $0.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: $0.pointee)) {
        String(cString: $0)
      }
    }
    if name != ".", name != ".." { names.append(name) }
  }
}
