import Foundation

/// A child that is running, or has ended.
final class StartedProcess {
  private let identifier: pid_t
  private var status: Status?

  package init(identifier: pid_t) { self.identifier = identifier }

  /// How it ended.
  package struct Status: Equatable {
    /// nil where a signal ended it.
    package let exitCode: Int32?
  }

  /// How it ended; nil while it runs.
  package func ended() -> Status? {
    var found: Int32 = 0
    while status == nil {
      let (result, code) = ShelteredChildren.take(identifier, &found)
      if result == 0 { return nil }
      if result == identifier {
        status = Status(exitCode: found & 0x7f == 0 ? (found >> 8) & 0xff : nil)
      } else if code != EINTR {
        // Someone else has taken its status.
        status = Status(exitCode: nil)
      }
    }
    return status
  }

  /// Waits for its end.
  package func end(by deadline: ContinuousClock.Instant, limit: Double) throws(ChildProcess.Failure) -> Status
  {
    var pause: UInt32 = 500
    while true {
      if let status = ended() { return status }
      if ContinuousClock.now > deadline { throw .tooSlow(seconds: limit) }
      usleep(pause)
      pause = min(2 * pause, 20_000)
    }
  }

  /// Kills it, with what it has started itself if it leads a group, and waits for its end for a moment.
  package func kill(withGroup: Bool) {
    guard ended() == nil else { return }
    if withGroup { Foundation.kill(-identifier, SIGKILL) }
    Foundation.kill(identifier, SIGKILL)
    _ = try? end(by: .now + .seconds(1), limit: 1)
  }
}
