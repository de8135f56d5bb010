import ArgumentParser
import Experiments

struct InitCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Print a specification with every key, its default, unit and allowed values.",
    discussion: "  gradflow init > experiments/mine.yaml")

  @Option(help: "The name that stands in it.")
  var name = "sweep"

  func run() async throws { Terminal.data(SpecificationTemplate.text(name: name)) }
}
