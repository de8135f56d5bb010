import ArgumentParser
import Experiments

struct InitCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Print a specification with every key, its default, unit and allowed values.",
    discussion: """
        gradflow init > experiments/mine.yaml
        gradflow init --train > experiments/mine.yaml      one that trains networks
      """)

  @Option(help: "The name that stands in it.")
  var name = "sweep"

  @Flag(help: "A specification that trains.")
  var train = false

  func run() async throws {
    try await ExitStatus.reporting { Terminal.data(SpecificationTemplate.text(name: name, trains: train)) }
  }
}
