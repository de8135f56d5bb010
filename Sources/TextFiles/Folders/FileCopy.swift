import Foundation
import GradientFlow

/// Copies of files, byte by byte.
package enum FileCopy {
  /// Copies a file into a new one, in place of one that is there.
  ///
  /// - Parameters:
  ///   - permissions: of the copy.
  ///   - isSynced: whether it is on the disk when this returns.
  /// - Returns: 0 or the error number; `ENOENT` where there is nothing to copy.
  package static func copy(
    _ source: String, to target: String, permissions: mode_t = 0o600, isSynced: Bool = false
  ) -> Int32 {
    unlink(target)
    let input: ReadableFile
    do { input = try ReadableFile(source) } catch { return error.code }
    let output = uninterrupted { open(target, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, permissions) }
    // Not that of a source that is missing.
    guard output >= 0 else { return errno == ENOENT ? ENOTDIR : errno }
    var code = transfer(from: input, to: output)
    if code == 0, isSynced { code = SystemCalls.sync(output) }
    let closed = SystemCalls.close(output)
    return code == 0 ? closed : code
  }

  private static func transfer(from input: ReadableFile, to output: Int32) -> Int32 {
    while true {
      let part: [UInt8]
      do { part = try input.bytes(1 << 20) } catch { return error.code }
      if part.isEmpty { return 0 }
      let code = part.withUnsafeBytes { SystemCalls.write($0, to: output) }
      if code != 0 { return code }
    }
  }
}
