import Foundation
import GradientFlow

/// Copies of files, byte by byte.
package enum FileCopy {
  /// Copies a file into a new one, in place of one that is there.
  ///
  /// - Parameters:
  ///   - permissions: of the copy.
  ///   - isSynced: whether it is on the disk when this returns.
  /// - Throws: the system's reason; `ENOENT` where there is nothing to copy.
  package static func copy(
    _ source: String, to target: String, permissions: mode_t = 0o600, isSynced: Bool = false
  ) throws(SystemFailure) {
    unlink(target)
    let input = try OpenFile(source)
    let output = uninterrupted { open(target, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, permissions) }
    // Not that of a source that is missing.
    guard output >= 0 else { throw errno == ENOENT ? SystemFailure(ENOTDIR) : .last }
    do {
      while case let part = try input.bytes(1 << 20), !part.isEmpty {
        try SystemCalls.write(part, to: output)
      }
      if isSynced { try SystemCalls.sync(output) }
    } catch {
      SystemCalls.close(output)
      throw error
    }
    if let failure = SystemCalls.close(output) { throw failure }
  }
}
