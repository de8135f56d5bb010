import Dispatch
import Foundation
import Synchronization

/// Turns the first signal that asks for an end into a call. A second Ctrl-C ends the process as usual; other signals
/// may come more than once, as batch systems send them to a script and to its children.
final class InterruptSignal {
  /// Ctrl-C, kill, a closed terminal, and what batch systems send before the time limit.
  private static let numbers = [SIGINT, SIGTERM, SIGHUP, SIGUSR1]

  private let sources: [any DispatchSourceSignal]

  /// - Parameter action: called with the signal's number.
  init(_ action: @escaping @Sendable (Int32) -> Void) {
    let isFirst = FirstTime()
    sources = Self.numbers.compactMap { number in
      // What the caller wants to be ignored (nohup) stays ignored.
      if Self.isIgnored(number) { return nil }
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global(qos: .userInteractive))
      source.setEventHandler {
        signal(SIGINT, SIG_DFL)
        if isFirst.take() { action(number) }
      }
      source.resume()
      return source
    }
  }

  func cancel() {
    for source in sources { source.cancel() }
    for number in Self.numbers where !sources.isEmpty { signal(number, SIG_DFL) }
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    guard sigaction(number, nil, &action) == 0 else { return false }
    #if os(Linux)
      return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
    #else
      return unsafeBitCast(action.__sigaction_u.__sa_handler, to: Int.self) == 1
    #endif
  }
}

/// True once.
private final class FirstTime: Sendable {
  private let isLeft = Atomic<Bool>(true)

  func take() -> Bool { isLeft.exchange(false, ordering: .sequentiallyConsistent) }
}
