import Foundation

/// A child that is running, or has ended.
final class StartedProcess {
  private let identifier: pid_t
  private var hasEnded = false
  /// Its exit code, once it has ended; nil where a signal ended it.
  private(set) var exitCode: Int32?

  init(identifier: pid_t) { self.identifier = identifier }

  /// Looks whether it has ended.
  func checkEnd() -> Bool {
    var found: Int32 = 0
    while !hasEnded {
      let (result, code) = ShelteredChildren.take(identifier, &found)
      if result == 0 { return false }
      if result == identifier, found & 0x7f == 0 { exitCode = (found >> 8) & 0xff }
      // Else someone else has taken its status.
      hasEnded = result == identifier || code != EINTR
    }
    return true
  }

  /// Waits for its end.
  func end(by deadline: ContinuousClock.Instant, limit: Double) throws(ChildProcess.Failure) {
    var pause: UInt32 = 500
    while !checkEnd() {
      if ContinuousClock.now > deadline { throw .tooSlow(seconds: limit) }
      usleep(pause)
      pause = min(2 * pause, 20_000)
    }
  }

  /// Kills it, with what it has started itself if it leads a group, and waits for its end for a moment.
  func kill(withGroup: Bool) {
    if checkEnd() { return }
    if withGroup { Foundation.kill(-identifier, SIGKILL) }
    Foundation.kill(identifier, SIGKILL)
    try? end(by: .now + .seconds(1), limit: 1)
  }
}
