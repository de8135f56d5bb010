import Foundation

/// The wish to end a command that works for long, with what is to be done about it at each stage.
///
/// One for a process: a signal source cannot be made again for the same signal.
final class Interruption: @unchecked Sendable {
  private let lock = NSLock()
  private var received: Int32?
  private var action: (@Sendable (Int32) -> Void)?
  private var listener: InterruptSignal?

  init() {
    listener = InterruptSignal { [weak self] in self?.receive($0) }
  }

  /// The signal that came; nil before one did.
  var signal: Int32? { lock.withLock { received } }

  /// Calls an action with the signal when one comes, in place of an earlier action; at once if one has come.
  func whenReceived(_ action: @escaping @Sendable (Int32) -> Void) {
    let earlier = lock.withLock {
      self.action = action
      return received
    }
    if let earlier { action(earlier) }
  }

  /// The first signal counts.
  private func receive(_ signal: Int32) {
    let action = lock.withLock {
      guard received == nil else { return nil as (@Sendable (Int32) -> Void)? }
      received = signal
      return self.action
    }
    action?(signal)
  }
}
