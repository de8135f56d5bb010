import Foundation
import Synchronization

/// The children of this process that no signal of the terminal reaches, as long as they run: a process that ends early
/// takes them along, so that none of them makes a file again that has just been removed.
package enum ShelteredChildren {
  private struct State {
    var running: Set<pid_t> = []
    var isEnding = false
  }

  private static let state = Mutex(State())

  /// Takes a child that has been started; not for long, where this process is about to end.
  package static func add(_ identifier: pid_t) {
    state.withLock {
      $0.running.insert(identifier)
      if $0.isEnding { kill(identifier, SIGKILL) }
    }
  }

  /// Asks for the status of any child, after which the system may give its number to another process.
  ///
  /// - Returns: what `waitpid` returned, with its error number.
  package static func take(_ identifier: pid_t, _ status: inout Int32) -> (result: pid_t, code: Int32) {
    state.withLock {
      let result = waitpid(identifier, &status, WNOHANG)
      let code = errno
      if result == identifier || result < 0 && code != EINTR { $0.running.remove(identifier) }
      return (result, code)
    }
  }

  /// Kills those that run and waits a second at most until they do nothing any more. Their status is left for who waits
  /// for it.
  package static func end() {
    state.withLock {
      $0.isEnding = true
      for identifier in $0.running { kill(identifier, SIGKILL) }
      let deadline = ContinuousClock.now + .seconds(1)
      for identifier in $0.running {
        while isAlive(identifier), ContinuousClock.now < deadline { usleep(500) }
      }
    }
  }

  private static func isAlive(_ identifier: pid_t) -> Bool {
    var information = siginfo_t()
    let result = waitid(P_PID, id_t(identifier), &information, WEXITED | WNOWAIT | WNOHANG)
    return result == 0 && information.si_signo != SIGCHLD
  }
}
