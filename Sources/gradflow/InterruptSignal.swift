import Experiments
import Foundation

/// Turns signals that ask for an end into calls, on a thread of their own, so that they are heard whatever the other
/// threads do. Where the system gives no such thread, signals end the process as they would without this.
///
/// A third Ctrl-C always ends the process.
struct InterruptSignal {
  /// What the handler writes to; a handler can only use globals.
  private nonisolated(unsafe) static var writingEnd: Int32 = -1
  private nonisolated(unsafe) static var interrupts = 0

  /// - Parameter action: called with the signal's number.
  init(_ action: @escaping @Sendable (Int32) -> Void) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return }
    let (reading, writing) = (ends[0], ends[1])
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    // A handler must never wait.
    _ = fcntl(writing, F_SETFL, O_NONBLOCK)
    guard SystemThread.start({ Self.listen(reading, action) }) else {
      close(reading)
      close(writing)
      return
    }
    Self.writingEnd = writing
    Self.interrupts = 0
    // Ctrl-C, kill, a closed terminal, and what batch systems send before the time limit; without those that the
    // caller wants to be ignored (nohup).
    for number in Self.numbers where !Self.isIgnored(number) { Self.handle(number) }
  }

  private static let numbers = [SIGINT, SIGTERM, SIGHUP, SIGUSR1]

  /// Lets through what the parent blocked, as programs do that start others from a thread of a pool.
  static func unblock() {
    var set = sigset_t()
    sigemptyset(&set)
    for number in numbers { sigaddset(&set, number) }
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
  }

  private static func listen(_ descriptor: Int32, _ action: (Int32) -> Void) {
    var number: UInt8 = 0
    while true {
      let count = read(descriptor, &number, 1)
      if count == 1 { action(Int32(number)) } else if count == 0 || errno != EINTR { return }
    }
  }

  private static func handle(_ number: Int32) {
    var action = sigaction()
    let handler: @convention(c) (Int32) -> Void = { number in
      let before = errno
      var byte = UInt8(truncatingIfNeeded: number)
      _ = write(InterruptSignal.writingEnd, &byte, 1)
      if number == SIGINT {
        InterruptSignal.interrupts += 1
        if InterruptSignal.interrupts == 2 { signal(SIGINT, SIG_DFL) }
      }
      errno = before
    }
    #if os(Linux)
      action.__sigaction_handler.sa_handler = handler
    #else
      action.__sigaction_u.__sa_handler = handler
    #endif
    action.sa_flags = Int32(SA_RESTART)
    sigaction(number, &action, nil)
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
