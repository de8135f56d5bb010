import Foundation
import GradientFlow
import TextFiles

/// The right to write to a run, which one process holds at a time.
///
/// A lock (`flock`) on the file `.lock` of the directory: the system gives it back however the process ends, also by
/// SIGKILL. The file's text says who has it. A file system without locks is no obstacle: every writer of a shared
/// run has its own directory.
package final class RunLock: Sendable {
  /// Whether the file system has locks.
  let isSupported: Bool
  private let file: OpenFile

  /// Takes the lock of a directory that exists.
  ///
  /// - Throws: ``RunError/inUse(path:holder:)`` where another process has it, ``RunError/cannotWrite(path:problem:)``.
  package init(_ directory: RunDirectory) throws(RunError) {
    do { file = try OpenFile(directory.lock, O_RDWR | O_CREAT) } catch {
      throw .writing(directory.path, error.code)
    }
    switch SystemCalls.lock(file.descriptor) {
    case 0: isSupported = true
    case EWOULDBLOCK:
      throw .inUse(path: directory.path, holder: Self.holder(directory)?.description ?? "another process")
    default: isSupported = false
    }
    // A full disk must not keep anyone from freeing it: the text is for messages only.
    guard let text = try? JSONEncoder().encode(LockHolder.thisProcess) else { return }
    ftruncate(file.descriptor, 0)
    _ = text.withUnsafeBytes { pwrite(file.descriptor, $0.baseAddress, $0.count, 0) }
  }

  deinit {
    // A process that is just being started has a copy of the descriptor for a moment.
    file.lock(LOCK_UN)
  }

  /// Whether a process of this machine, or one the file system knows of, is writing.
  static func isHeld(_ directory: RunDirectory) -> Bool {
    (try? OpenFile(directory.lock))?.lock(LOCK_SH) == EWOULDBLOCK
  }

  /// Who holds or last held the lock; nil if unknown.
  package static func holder(_ directory: RunDirectory) -> LockHolder? {
    RegularFile.beginning(of: directory.lock)
      .flatMap { try? JSONDecoder().decode(LockHolder.self, from: $0) }
  }
}
