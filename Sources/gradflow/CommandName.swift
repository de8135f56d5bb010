import ArgumentParser
import Experiments

/// The first argument: a command.
enum CommandName {
  /// Refuses a word that is not a command, and suggests the nearest one.
  ///
  /// - Throws: `ValidationError`.
  static func check(_ arguments: [String] = CommandLine.arguments) throws {
    guard let word = arguments.dropFirst().first, !word.isEmpty, !word.hasPrefix("-") else { return }
    let names = GradflowCommand.configuration.subcommands.compactMap { $0.configuration.commandName }
    guard !names.contains(word), word != "help" else { return }
    if word.hasSuffix(".yaml") || word.hasSuffix(".yml") {
      throw ValidationError("'\(word)' is not a command; to run a specification: gradflow sweep \(word)")
    }
    let meant = NearestName.of(word, among: names).map { "; did you mean '\($0)'?" } ?? "."
    throw ValidationError("'\(word)' is not a command\(meant) Commands: \(names.joined(separator: ", ")).")
  }
}
