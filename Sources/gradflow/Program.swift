import ArgumentParser
import Experiments
import Foundation

/// The entry point.
@main
enum Program {
  /// Below this many bytes of stack the command gets a thread with a usual one.
  private static let leastStack = 4 << 20
  /// Below this many bytes of address space not even an error can be put into words safely.
  private static let leastAddressSpace = 32e6

  static func main() {
    // Neither a reader that goes away (`| head`) nor a limit on the size of files ends a sweep with a signal: the call
    // that meets it fails, and is told.
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    StandardStreams.reserve()
    // Whatever the parent did: children are waited for, and signals are heard.
    signal(SIGCHLD, SIG_DFL)
    InterruptSignal.unblock()
    if let left = AddressSpace.left, left < leastAddressSpace {
      Terminal.say(
        "gradflow: too little address space; raise or remove its limit (ulimit -v)")
      leave(ExitStatus.unavailable.rawValue)
    }
    let executor = CommandExecutor()
    guard hasSmallStack, SystemThread.start({ run(on: executor) }) else { run(on: executor) }
    while true { pause() }
  }

  private static func run(on executor: CommandExecutor) -> Never {
    executor.run {
      do {
        try ArgumentText.check()
        try CommandName.check()
        var command = try GradflowCommand.parseAsRoot()
        if var command = command as? any AsyncParsableCommand {
          try await command.run()
        } else {
          try command.run()
        }
      } catch {
        end(with: error)
      }
    }
    leave(0)
  }

  /// Prints an error or the requested help, and exits.
  private static func end(with error: any Error) -> Never {
    let code = GradflowCommand.exitCode(for: error).rawValue
    let text = GradflowCommand.fullMessage(for: error)
    if !text.isEmpty { code == 0 ? Terminal.data(text + "\n") : Terminal.talk(text + "\n") }
    leave(code)
  }

  /// Exits without the libraries' exit handlers, which may wait for memory or threads that the system does not give.
  private static func leave(_ code: Int32) -> Never {
    fflush(nil)
    _exit(code)
  }

  /// Whether `ulimit -s` gives the main thread little.
  private static var hasSmallStack: Bool {
    ResourceLimit.stack.bytes.map { $0 < leastStack } ?? false
  }
}
