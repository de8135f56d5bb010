import ArgumentParser
import Experiments

extension ComparisonFormat: ExpressibleByArgument {}

struct CompareCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare the cells of a run in numbers: gradient decay, or training results.",
    discussion: """
      First the answer in three lines: where gradients of the plain RNN vanish and explode, what the other cells do, \
      and whether other lengths and clips agree. Then, for each spectral radius and length, the decay rate with its \
      95 % confidence interval over seeds, the half-life, the ratio of the whole batch's norms at t = 1 and t = T, and \
      the difference from the plain RNN on the same seeds. Works on unfinished runs.

      Of a training run: how many seeds solved the task, after how many updates, test loss and error, whether clipping \
      was idle, a safety net, or set the step size, and why training failed.

        gradflow compare runs/decay --brief
        gradflow compare runs/decay --where rho=1,T=100
        gradflow compare runs/depth --where L=4,layer=0,1
        gradflow compare runs/decay --format csv > decay-rates.csv
        gradflow compare runs/decay --json | jq '.groups[0]'
      """)

  @OptionGroup var target: RunTarget

  @OptionGroup var selection: RunSelection

  @Option(help: "text, csv, md or json.")
  var format: ComparisonFormat = .text

  @Flag(help: "Same as --format json.")
  var json = false

  @Flag(
    help:
      "Only the longest sequences; without training, only unclipped gradients (text and md); the answer stays."
  )
  var brief = false

  func run() async throws {
    try await ExitStatus.interruptible {
      let run = try Run(directory: target.run)
      Terminal.data(
        try RunComparison.text(
          of: run, json ? .json : format, where: try selection.selection(), brief: brief,
          width: Terminal.width))
      Terminal.say("Next: gradflow plot \(CommandText.path(target.run))")
    }
  }
}
