import Foundation
import GradientFlow

/// The names in a directory; none where there is no directory.
///
/// - Throws: ``RunError/readingRefused(path:_:)``: a directory that cannot be read must not be taken for an empty one.
package func namesInDirectory(_ path: String) throws(RunError) -> [String] {
  do {
    return try FolderListing.read(path)
  } catch {
    if [ENOENT, ENOTDIR, EACCES].contains(error.code) { return [] }
    throw .readingRefused(path: path, error)
  }
}
