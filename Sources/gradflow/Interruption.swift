import Foundation

/// A request to end a long-running command, and what to do about it at each stage.
///
/// One per process, because its signals have one listener.
final class Interruption: @unchecked Sendable {
  private let lock = NSLock()
  private var received: Int32?
  private var action: (@Sendable (Int32) -> Void)?
  private var urgentAction: (@Sendable () -> Void)?

  init() {
    _ = InterruptSignal { [self] in receive($0) }
  }

  /// The signal that came; nil before one did.
  var signal: Int32? { lock.withLock { received } }

  /// Calls an action with the signal when one comes, in place of an earlier action; at once if one has come.
  ///
  /// - Parameter again: called when a Ctrl-C comes after that.
  func whenReceived(
    _ action: @escaping @Sendable (Int32) -> Void, again: (@Sendable () -> Void)? = nil
  ) {
    let earlier = lock.withLock {
      self.action = action
      urgentAction = again
      return received
    }
    if let earlier { action(earlier) }
  }

  /// The first signal counts. Others may come more than once without meaning more, as batch systems send them to a script
  /// and to its children; a second Ctrl-C is meant.
  private func receive(_ signal: Int32) {
    let (action, isFirst) = lock.withLock {
      let isFirst = received == nil
      if isFirst { received = signal }
      return (self.action, isFirst)
    }
    if isFirst {
      action?(signal)
    } else if signal == SIGINT {
      let urgent = lock.withLock { urgentAction }
      if let urgent { urgent() } else { ExitStatus.interrupted.leave() }
    }
  }
}
