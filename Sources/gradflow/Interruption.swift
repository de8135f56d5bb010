import Foundation

/// The wish to end a sweep, also if it comes before the sweep exists.
final class Interruption: @unchecked Sendable {
  private let lock = NSLock()
  private var received: Int32?
  private var action: (@Sendable () -> Void)?
  private var listener: InterruptSignal?

  init() {
    listener = InterruptSignal { [weak self] in self?.receive($0) }
  }

  /// The signal that came; nil before one did.
  var signal: Int32? { lock.withLock { received } }

  /// Calls an action when a signal comes; at once if one has come.
  func whenReceived(_ action: @escaping @Sendable () -> Void) {
    let isLate = lock.withLock {
      self.action = action
      return received != nil
    }
    if isLate { action() }
  }

  /// Lets signals end the process as usual.
  func cancel() { listener?.cancel() }

  private func receive(_ signal: Int32) {
    let action = lock.withLock {
      received = signal
      return self.action
    }
    action?()
  }
}
