import Foundation

/// A file that is open for reading, closed with its last reference.
package final class ReadableFile {
  package let descriptor: Int32

  /// Opens a file; nothing waits for a pipe's writer.
  ///
  /// - Throws: the system's reason, as everything here.
  package init(_ path: String) throws(SystemFailure) {
    descriptor = uninterrupted { open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
    if descriptor < 0 { throw .last }
  }

  deinit { SystemCalls.close(descriptor) }

  /// What is at the path, and how many bytes it has.
  package func status() throws(SystemFailure) -> stat {
    var status = stat()
    if fstat(descriptor, &status) != 0 { throw .last }
    return status
  }

  /// The next bytes; fewer only at the end.
  package func bytes(_ count: Int) throws(SystemFailure) -> [UInt8] {
    var failure: SystemFailure?
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...])
        let received = uninterrupted { read(descriptor, rest.baseAddress, rest.count) }
        if received < 0 { failure = .last }
        if received <= 0 { break }
        filled += received
      }
    }
    if let failure { throw failure }
    return bytes
  }
}
