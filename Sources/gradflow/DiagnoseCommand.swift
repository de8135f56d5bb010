import ArgumentParser
import Experiments
import GradientFlow

struct DiagnoseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diagnose",
    abstract: "Gradient norms, step by step, of a network stored in files.",
    discussion: """
      --case DIR is a directory with case.json (sizes, cell, loss), weights.safetensors (PyTorch's names), inputs.npy \
      [T, B, I] and targets.npy. Writes into OUT: timesteps.csv, summary.json, gradients.safetensors.

        gradflow diagnose --case my-network -o my-network/diagnosis
        gradflow diagnose --case my-network -o out --clip step-norm:1
      """)

  @Option(name: .customLong("case"), help: "The directory of the network.", completion: .directory)
  var caseDirectory: String

  @Option(name: [.short, .long], help: "Where to write.", completion: .directory)
  var output: String

  @Option(help: "none, global-norm:X, value:X, step-norm:X or step-norm-example:X.")
  var clip: GradientClip = .none

  @Flag(name: .shortAndLong, help: "No talk, only errors.")
  var quiet = false

  func run() async throws {
    try await ExitStatus.reporting {
      BLASEnvironment.useOneThread()
      let reference = try ReferenceCase(directory: caseDirectory)
      let diagnosis = try CaseDiagnosis(reference, clip: clip)
      try diagnosis.write(to: output)
      guard !quiet else { return }
      let steps = diagnosis.found.steps
      Terminal.say("\(reference.name): \(reference.cell.rawValue), T = \(reference.shape.steps)")
      Terminal.say(
        "  log10 ‖∂L/∂h‖ at t = 1: \(CSVField.number(steps.hidden[1])), at t = T: "
          + CSVField.number(steps.hidden[steps.steps]))
      if let decay = steps.decayRate {
        Terminal.say("  decay rate: \(CSVField.number(decay.rate)) decades a step")
      }
      if case .crossEntropyEveryStep = reference.loss {
        Terminal.say("  note: \(Comparison.everyStepNote)")
      }
      Terminal.say("Wrote timesteps.csv, summary.json and gradients.safetensors to \(output)")
      Terminal.say("Next: read \(output)/timesteps.csv with pandas or gnuplot")
    }
  }
}

extension GradientClip: ExpressibleByArgument {
  public init?(argument: String) {
    let parts = argument.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard let kind = Kind(rawValue: parts[0]), parts.count <= 2 else { return nil }
    let threshold = parts.count == 2 ? Double(parts[1]) : nil
    if parts.count == 2 {
      guard let threshold, threshold > 0, threshold.isFinite else { return nil }
    }
    self.init(kind: kind, threshold: threshold)
  }
}
