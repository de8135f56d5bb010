import Foundation

/// Who writes into a run, as the file `.lock` says it, for a message to others.
package struct LockHolder: Codable, Sendable, Equatable {
  package let process: Int32
  package let host, command, since: String

  package static var thisProcess: LockHolder {
    LockHolder(
      process: ProcessInfo.processInfo.processIdentifier, host: ProcessInfo.processInfo.hostName,
      command: CommandText.of(CommandLine.arguments), since: Date().ISO8601Format())
  }

  package var description: String { "process \(process) on \(host) since \(since) (\(command))" }
}
