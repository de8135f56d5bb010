import Dispatch
import Foundation

/// Turns signals that ask for an end into calls. A second Ctrl-C ends the process as usual; other signals
/// may come more than once, as batch systems send them to a script and to its children.
final class InterruptSignal {
  private let sources: [any DispatchSourceSignal]

  /// - Parameter action: called with the signal's number.
  init(_ action: @escaping @Sendable (Int32) -> Void) {
    // Ctrl-C, kill, a closed terminal, and what batch systems send before the time limit; without those that the
    // caller wants to be ignored (nohup).
    let numbers = [SIGINT, SIGTERM, SIGHUP, SIGUSR1].filter { !Self.isIgnored($0) }
    sources = numbers.map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global(qos: .userInteractive))
      source.setEventHandler {
        signal(SIGINT, SIG_DFL)
        action(number)
      }
      source.resume()
      return source
    }
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
