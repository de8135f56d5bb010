import ArgumentParser
import Experiments

/// How outputs are printed.
enum OutputsFormat: String, CaseIterable, ExpressibleByArgument {
  case text, csv
}

struct OutputsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "outputs",
    abstract: "Show what a network puts out on a test sequence, step by step.",
    discussion: """
      Reads one sequence of the test set with the trained network of a training, or with the drawn one of a sweep, and \
      prints for each step what it reads, what it is asked for, the distribution over classes ŷ_t = softmax(W_o h_t + b_o) \
      or the outputs of a regression, the loss (nats, or squared error), and whether it is right. Networks that read \
      their own outputs are shown both ways: with the right outputs before (teacher forcing) and with their own.

        gradflow outputs runs/reversal                        # the first trial with a model
        gradflow outputs runs/reversal --where cell=gru,T=40 --sequence 7
        gradflow outputs runs/echo 0c1f8a2b --length 100      # longer than trained
        gradflow outputs runs/text --step 20                  # the whole distribution of one step
        gradflow outputs runs/text --format csv > outputs.csv # that of every step, a row a class

      Sequences are those of the tests, counted from 1; where lengths vary, each hundred has the longest first. Ids of \
      trials are in the first column of trials.csv.
      """)

  @OptionGroup var target: RunTarget

  @Argument(help: "The trial's id, or its first digits. Default: the first trial with a network.")
  var trial: String?

  @OptionGroup var selection: RunSelection

  @Option(help: "Which test sequence, from 1.")
  var sequence = 1

  @Option(help: "One step t, from 1, with all its outputs.")
  var step: Int?

  @Option(help: "Length T of the sequence. Default: as trained.")
  var length: Int?

  @Option(help: "How many of the most probable classes to show. Default: all of few, three of many.")
  var count: Int?

  @Option(help: "text, or csv: all outputs of every step, a row each.")
  var format: OutputsFormat = .text

  func validate() throws {
    for (name, value) in [("length", length), ("count", count)] {
      if let value, value < 1 {
        throw ValidationError("--\(name) \(value): allowed are whole numbers from 1.")
      }
    }
    if format == .csv, count != nil {
      throw ValidationError("--count chooses what --format text shows; csv has all classes.")
    }
  }

  func run() async throws {
    try await ExitStatus.interruptible {
      let run = try selection.run(target)
      let outputs = try TrialOutputs(of: run, trial: trial, sequence: sequence, length: length)
      if let step { try outputs.check(step: step) }
      switch format {
      case .csv: Terminal.data(OutputsCSV.text(outputs, step: step))
      case .text:
        let text = OutputsText(outputs, most: count, width: Terminal.width)
        let all = try Run(directory: target.run).trials
        Terminal.data(try step.map { try text.step($0, among: all) } ?? text.whole(among: all))
      }
      say(outputs, of: run)
    }
  }

  /// What else there is to look at.
  private func say(_ outputs: TrialOutputs, of run: Run) {
    if trial == nil, run.trials.count > 1 {
      let axes = run.trials.varyingAxes.map(\.shortName).joined(separator: ", ")
      Terminal.say(
        "The first of \(run.trials.count) trials; choose another by its id, or by --where with \(axes).")
    }
    let path = CommandText.path(target.run)
    let next = sequence < outputs.count ? sequence + 1 : 1
    Terminal.say(
      run.specification.hasStepTests && step == nil
        ? "Next: gradflow plot \(path) --figure steps"
        : "Next: gradflow outputs \(path) \(outputs.trial.id) --sequence \(next)")
  }
}
