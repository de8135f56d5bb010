import Foundation

/// Who writes into a run, as the file `.lock` says it, for a message to others.
struct LockHolder: Codable, Sendable, Equatable {
  let process: Int32
  let host, command, since: String

  static var thisProcess: LockHolder {
    LockHolder(
      process: ProcessInfo.processInfo.processIdentifier, host: ProcessInfo.processInfo.hostName,
      command: CommandText.of(CommandLine.arguments), since: Date().ISO8601Format())
  }

  var description: String { "process \(process) on \(host) since \(since) (\(command))" }
}
