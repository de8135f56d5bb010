import Foundation

/// bash, for what takes more than one command.
public enum Shell {
  /// Runs a script; its arguments are `$0`, `$1`, …
  ///
  /// - Parameters:
  ///   - starter: a program, with arguments of its own, that starts bash.
  ///   - changes: environment entries that are added or replaced.
  public static func run(
    _ script: String, _ arguments: [String] = [], through starter: [String] = [],
    environment changes: [String: String] = [:]
  ) throws -> BuiltProgram.Outcome {
    try start(["-c", script] + arguments, through: starter, environment: changes)
  }

  /// Runs a script that is a file, or only reads it for errors.
  public static func run(
    file: String, onlyReading: Bool = false, environment changes: [String: String] = [:]
  ) throws -> BuiltProgram.Outcome {
    try start((onlyReading ? ["-n"] : []) + [file], through: [], environment: changes)
  }

  private static func start(
    _ arguments: [String], through starter: [String], environment changes: [String: String]
  ) throws -> BuiltProgram.Outcome {
    let process = Process()
    let command = starter + ["/bin/bash"] + arguments
    process.executableURL = URL(fileURLWithPath: command[0])
    process.arguments = Array(command.dropFirst())
    process.environment = ProcessInfo.processInfo.environment.merging(changes) { $1 }
    return try RunningProgram(process).wait()
  }
}
