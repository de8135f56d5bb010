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
  ///
  /// - Returns: 0 or the error number.
  package static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32 {
    var written = 0
    while written < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
      let accepted = uninterrupted { Foundation.write(descriptor, rest.baseAddress, rest.count) }
      if accepted < 0 { return errno }
      if accepted == 0 { return EIO }
      written += accepted
    }
    return 0
  }

  /// Closes a descriptor. It is closed in any case; one that a signal interrupted has lost nothing.
  ///
  /// - Returns: 0 or the error number: what was written may then not be on the disk.
  @discardableResult
  package static func close(_ descriptor: Int32) -> Int32 {
    guard Foundation.close(descriptor) != 0, errno != EINTR else { return 0 }
    return errno
  }

  /// Syncs what was written.
  ///
  /// - Returns: 0 or the error number.
  package static func sync(_ descriptor: Int32) -> Int32 {
    uninterrupted { fsync(descriptor) } == 0 ? 0 : errno
  }
}
