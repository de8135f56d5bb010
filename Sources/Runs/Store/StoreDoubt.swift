import Foundation
import GradientFlow
import TextFiles

/// How to treat a store that SQLite calls damaged: SQLite also reports a failed read of the disk as damage.
enum StoreDoubt {
  /// The error that it is: of the disk, where a file of the store cannot be read through, or where a copy of it turns out
  /// to be whole; damage otherwise.
  package static func meaning(_ path: String, _ problem: String) -> RunError {
    for file in StoreFiles.paths(path) {
      let code = readingFails(file)
      if SystemFailure(code).isOfEnvironment { return .readingRefused(path: path, SystemFailure(code)) }
    }
    return RunStore.hasWholeCopy(path)
      ? .readingRefused(path: path, SystemFailure(EIO)) : .damaged(path: path, problem: problem)
  }

  /// Reads a file to its end; returns 0 or the error number.
  private static func readingFails(_ path: String) -> Int32 {
    let descriptor = uninterrupted { open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC) }
    guard descriptor >= 0 else { return errno == ENOENT ? 0 : errno }
    defer { SystemCalls.close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    var place: off_t = 0
    while true {
      let count = uninterrupted { pread(descriptor, &buffer, buffer.count, place) }
      if count <= 0 { return count < 0 ? errno : 0 }
      place += off_t(count)
    }
  }
}
