import Foundation

/// Makes a call of the system, again as often as a signal interrupts it.
///
/// - Parameter call: returns a negative number and sets `errno` where it fails.
public func uninterrupted<Count: SignedInteger>(_ call: () -> Count) -> Count {
  while true {
    let result = call()
    if result >= 0 || errno != EINTR { return result }
  }
}

/// Files by their descriptors: every call is made again where a signal interrupts it, and says why it failed.
package enum SystemCalls {
  /// Writes all bytes, in as many pieces as the system takes.
  package static func write(_ bytes: some ContiguousBytes, to descriptor: Int32) throws(SystemFailure) {
    let failure = bytes.withUnsafeBytes { bytes -> SystemFailure? in
      var written = 0
      while written < bytes.count {
        let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
        let accepted = uninterrupted { Foundation.write(descriptor, rest.baseAddress, rest.count) }
        if accepted < 0 { return .last }
        if accepted == 0 { return SystemFailure(EIO) }
        written += accepted
      }
      return nil
    }
    if let failure { throw failure }
  }

  /// Locks a file (`flock`) for its holder alone, within half a second: who only looks whether it is locked has the lock
  /// for a moment.
  ///
  /// - Returns: 0 or the error number.
  package static func lock(_ descriptor: Int32) -> Int32 {
    for attempt in 0..<25 {
      if attempt > 0 { usleep(20_000) }
      if uninterrupted({ flock(descriptor, LOCK_EX | LOCK_NB) }) == 0 { return 0 }
      if errno != EWOULDBLOCK { return errno }
    }
    return EWOULDBLOCK
  }

  /// Closes a descriptor. It is closed in any case; one that a signal interrupted has lost nothing.
  ///
  /// - Returns: why what was written may not be on the disk; nil where it is.
  @discardableResult
  package static func close(_ descriptor: Int32) -> SystemFailure? {
    Foundation.close(descriptor) != 0 && errno != EINTR ? .last : nil
  }

  /// Syncs what was written.
  package static func sync(_ descriptor: Int32) throws(SystemFailure) {
    if uninterrupted({ fsync(descriptor) }) != 0 { throw .last }
  }
}
