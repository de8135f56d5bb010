import ArgumentParser

/// The tables of speeds: ours, the floor and the peers, measured in turns in one run.
@main
struct SpeedTableCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "SpeedTable",
    abstract: "Times whole passes and updates against bare matrix products and against other libraries.",
    subcommands: [PassesCommand.self, StacksCommand.self, TrainingsCommand.self, LanguageCommand.self],
    defaultSubcommand: PassesCommand.self)
}
