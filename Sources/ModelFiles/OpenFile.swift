import Foundation

/// A file that is open, closed with its last reference.
package final class OpenFile: Sendable {
  package let descriptor: Int32

  /// Opens a file, to read it where the flags say nothing else; nothing waits for a pipe's writer.
  ///
  /// - Throws: the system's reason, as everything here.
  package init(_ path: String, _ flags: Int32 = O_RDONLY, permissions: mode_t = 0o666) throws(SystemFailure) {
    descriptor = uninterrupted { open(path, flags | O_CLOEXEC | O_NONBLOCK, permissions) }
    if descriptor < 0 { throw .last }
  }

  /// A descriptor for what another is open for, above the standard streams, which this program may have been started
  /// without.
  package init(copying other: Int32) throws(SystemFailure) {
    descriptor = fcntl(other, F_DUPFD_CLOEXEC, STDERR_FILENO + 1)
    if descriptor < 0 { throw .last }
  }

  deinit { SystemCalls.close(descriptor) }

  /// What is at the path, and how many bytes it has.
  package func status() throws(SystemFailure) -> stat {
    var status = stat()
    if fstat(descriptor, &status) != 0 { throw .last }
    return status
  }

  /// Locks the file (`flock`), or unlocks it, without waiting.
  ///
  /// - Returns: 0 or the error number: `EWOULDBLOCK` where another holds a lock.
  @discardableResult
  package func lock(_ operation: Int32) -> Int32 {
    uninterrupted { flock(descriptor, operation | LOCK_NB) } == 0 ? 0 : errno
  }

  /// The next bytes, or those at a place (`pread`); fewer only at the end.
  package func bytes(_ count: Int, at place: Int? = nil) throws(SystemFailure) -> [UInt8] {
    var failure: SystemFailure?
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...])
        let received = uninterrupted {
          if let place { return pread(descriptor, rest.baseAddress, rest.count, off_t(place + filled)) }
          return read(descriptor, rest.baseAddress, rest.count)
        }
        if received < 0 { failure = .last }
        if received <= 0 { break }
        filled += received
      }
    }
    if let failure { throw failure }
    return bytes
  }
}
