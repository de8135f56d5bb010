import ArgumentParser
import Experiments

struct InitCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Print a specification that lists every key with its default, unit and allowed values.",
    discussion: """
        gradflow init > experiments/mine.yaml

      For training runs:
        gradflow init --train > experiments/mine.yaml
      """)

  @Option(help: "Value of its key 'name'.")
  var name = "sweep"

  @Flag(help: "Print a specification for training runs.")
  var train = false

  func run() async throws {
    try await ExitStatus.reporting { Terminal.data(SpecificationTemplate.text(name: name, trains: train)) }
  }
}
