import ArgumentParser
import Experiments

extension ComparisonFormat: ExpressibleByArgument {}

struct CompareCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare the cells of a run, in numbers: decay of gradients, or what training reached.",
    discussion: """
      For each spectral radius and length: decay rate with 95 % confidence interval over seeds, half-life, ratio of \
      the gradient norms at t = 1 and t = T, and the difference to the plain RNN on the same seeds. Works on \
      unfinished runs.

      Of a run that trains: how many seeds solved the task, after how many updates, test loss and error, what clipping \
      was (idle, a safety net, or what sets the step size), and why trainings failed.

        gradflow compare runs/decay --brief
        gradflow compare runs/decay --format csv > decay-rates.csv
        gradflow compare runs/decay --json | jq '.groups[0]'
      """)

  @Argument(help: "A run directory.", completion: .directory)
  var run: String

  @Option(help: "text, csv, md or json.")
  var format: ComparisonFormat = .text

  @Flag(help: "The same as --format json.")
  var json = false

  @Flag(help: "Only the longest sequences; of gradients without training, without clipping (text and md).")
  var brief = false

  func run() async throws {
    try await ExitStatus.interruptible {
      let run = try Run(directory: self.run)
      Terminal.data(try RunComparison.text(of: run, json ? .json : format, brief: brief))
      Terminal.say("Next: gradflow plot \(CommandText.path(self.run))")
    }
  }
}
