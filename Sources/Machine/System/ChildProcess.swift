import Foundation
import ModelFiles

/// Another program, run to its end.
///
/// Made of the system's own calls, each of them checked: where there are no descriptors, no memory or no processes to be
/// had, that is an error like any other. It needs no thread, and no longer than its time limit.
public struct ChildProcess: Sendable {
  /// A name to be looked up on the PATH, or a path.
  public let command: String
  public let arguments: [String]
  /// Where it runs; nil: where this program does. A shell goes there and becomes the program.
  public var folder: String?
  /// Variables that the program does not get.
  public var withheld: Set<String> = []
  /// Variables that the program gets in the place of this one's.
  public var given: [String: String] = [:]
  /// Whether a Ctrl-C at the terminal reaches this program only, not the child.
  public var isSheltered = false
  /// Seconds after which it is killed.
  public var timeLimit = 60.0
  /// Bytes that it may write to each of its outputs.
  public var outputLimit = 1 << 20

  public init(_ command: String, _ arguments: [String]) {
    self.command = command
    self.arguments = arguments
  }

  /// What came of it.
  public struct Outcome: Sendable, Equatable {
    /// Its exit code; nil where a signal ended it.
    public let status: Int32?
    public let output: String
    public let errors: String
  }

  /// Why nothing came of it.
  public enum Failure: Error, Sendable, Equatable {
    /// The program does not exist.
    case notFound
    /// The system did not start it.
    case notStarted(problem: String)
    /// It had not ended within the limit, and was killed.
    case tooSlow(seconds: Double)
    /// It wrote more than the limit, and was killed.
    case tooMuchOutput(bytes: Int)
  }

  /// Starts the program and waits for its end, blocking this thread.
  public func run() throws(Failure) -> Outcome {
    let deadline = ContinuousClock.now + .seconds(timeLimit)
    let pipes = try ChildPipes()
    let process = try start(pipes)
    pipes.childEnds = [:]
    do throws(Failure) {
      var (output, errors) = ([UInt8](), [UInt8]())
      try pipes.read(process, until: deadline, limit: outputLimit, &output, &errors)
      try process.end(by: deadline, limit: timeLimit)
      // What a shell says of a program that is not there.
      if folder != nil, process.exitCode == 127 { throw .notFound }
      return Outcome(
        status: process.exitCode, output: String(decoding: output, as: UTF8.self),
        errors: String(decoding: errors, as: UTF8.self))
    } catch {
      process.kill(withGroup: isSheltered)
      if case .tooSlow = error { throw .tooSlow(seconds: timeLimit) }
      throw error
    }
  }

  /// The program and its arguments, or the shell that becomes it.
  private var launch: [String] {
    guard let folder else { return [command] + arguments }
    return ["/bin/sh", "-c", "cd -- \"$1\" && shift && exec \"$@\"", "sh", folder, command] + arguments
  }

  private func start(_ pipes: ChildPipes) throws(Failure) -> StartedProcess {
    #if os(Linux)
      var (actions, attributes) = (posix_spawn_file_actions_t(), posix_spawnattr_t())
    #else
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #endif
    guard posix_spawn_file_actions_init(&actions) == 0 else { throw .notStarted(problem: "no memory") }
    defer { posix_spawn_file_actions_destroy(&actions) }
    guard posix_spawnattr_init(&attributes) == 0 else { throw .notStarted(problem: "no memory") }
    defer { posix_spawnattr_destroy(&attributes) }
    for (descriptor, end) in pipes.childEnds {
      posix_spawn_file_actions_adddup2(&actions, end.descriptor, descriptor)
    }
    // This program ignores SIGPIPE; the child shall end where no one reads.
    var (ordinary, blocked) = (sigset_t(), sigset_t())
    sigemptyset(&ordinary)
    sigemptyset(&blocked)
    sigaddset(&ordinary, SIGPIPE)
    posix_spawnattr_setsigdefault(&attributes, &ordinary)
    posix_spawnattr_setsigmask(&attributes, &blocked)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes,
      Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | (isSheltered ? POSIX_SPAWN_SETPGROUP : 0)))
    let line = launch
    var words = line.map { strdup($0) } + [nil]
    var variables =
      ProcessInfo.processInfo.environment.filter { !withheld.contains($0.key) }
      .merging(given) { _, given in given }
      .map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in words + variables { free(text) } }
    var identifier: pid_t = 0
    let code = posix_spawnp(&identifier, line[0], &actions, &attributes, &words, &variables)
    switch code {
    case 0:
      if isSheltered { ShelteredChildren.add(identifier) }
      return StartedProcess(identifier: identifier)
    case ENOENT, ENOTDIR: throw .notFound
    default: throw .notStarted(problem: SystemFailure(code).problem)
    }
  }
}
