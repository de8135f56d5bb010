import Experiments
import Foundation
import GradientFlow
import TestSupport
import Testing

/// `docs/redraw_trial.py` draws trials from what docs/numerics.md says, and shares no code with this package.
@Suite(
  "Trials redrawn from the documentation", .enabled(if: NumPy.isThere, "no python3 with NumPy on the PATH"))
struct RedrawnTrialTests {
  static let specifications =
    [
      """
      cells: [rnn, lstm, gru]
      hidden_size: 7
      input_size: 3
      batch_size: 5
      sequence_length: 6
      spectral_radius: [0.5, 1.25]
      initializer: [gaussian, uniform, orthogonal, identity]
      input_scale: 1e-5
      forget_bias: [-0.5]
      clip: [none, {step-norm: 0.5}]
      seeds: [3]
      root_seed: 18446744073709551615
      """,
      """
      cells: [rnn, lstm]
      hidden_size: 4
      input_size: 2
      batch_size: 3
      sequence_length: 5
      initial_state_scale: [0, 0.5]
      washout: [0, 4]
      loss: [final-mse, cross-entropy-final, cross-entropy-every-step]
      readout_size: 3
      seeds: 2
      precision: float64
      """,
    ]
    + [
      ("temporal-order", 23), ("adding", 9), ("multiplication", 9), ("delayed-xor", 9), ("copy-memory", 25),
      ("memorisation, bits: 4", 12),
    ].map {
      "task: {kind: \($0)}\ncells: lstm\nhidden_size: 4\nbatch_size: 3\nsequence_length: \($1)\nseeds: 2\nwashout: [0, 2]"
    }

  @Test(arguments: specifications) func areTheSame(_ text: String) async throws {
    let directory = try TemporaryDirectory()
    let specification = try SweepSpecification.parse(text: "name: r\n" + text, file: "r.yaml")
    let sweep = try Sweep(specification, directory: directory.file("run"), options: SweepOptions(jobs: 1))
    _ = try await sweep.execute()
    try await sweep.run.exportCSV()
    let trials = sweep.run.trials
    try NumPy.run([NumPy.script, directory.file("run")] + trials.map(\.id) + ["-o", directory.path])
    for trial in trials {
      let archive = try NPZFile(contentsOf: directory.file(trial.id + ".npz"))
      func expect(_ name: String, _ ours: [Double]?) throws {
        guard let ours else {
          #expect(!archive.names.contains(name), "\(trial.canonicalJSON): \(name)")
          return
        }
        let drawn = try #require(archive[name]).doubles()
        #expect(
          difference(ours, drawn, relative: 1e-12, absolute: 1e-13) == nil, "\(trial.canonicalJSON): \(name)")
      }
      let problem = try TrialRunner().problem(trial, in: Double.self).problem
      try expect("weight_ih", problem.parameters.weightIH.values)
      try expect("weight_hh", problem.parameters.weightHH.values)
      try expect("bias_ih", problem.parameters.biasIH)
      try expect("inputs", problem.numbers)
      try expect("targets", Self.targets(problem.loss))
      try expect("readout", problem.loss.readout?.weight.values)
      try expect("initial_hidden", problem.firstState?.hidden)
      try expect("initial_cell", problem.firstState?.cell)
      try expect("washout", problem.washoutNumbers.isEmpty ? nil : problem.washoutNumbers)
    }
  }

  private static func targets(_ loss: any SequenceLoss<Double>) -> [Double]? {
    switch loss {
    case let loss as FinalDotLoss<Double>: return loss.direction
    case let loss as MeanSquaredErrorLoss<Double>: return loss.targets
    case let loss as CrossEntropyLoss<Double>: return loss.classes.map(Double.init)
    default: return nil
    }
  }
}

/// The interpreter that has NumPy.
private enum NumPy {
  static let script: String = {
    // Tests/ExperimentsTests/Verification/ of the package
    let file = URL(fileURLWithPath: #filePath)
    return (0..<4).reduce(file) { url, _ in url.deletingLastPathComponent() }.path + "/docs/redraw_trial.py"
  }()

  static let isThere = (try? run(["-c", "import numpy"])) != nil

  static func run(_ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [ProcessInfo.processInfo.environment["GRADFLOW_PYTHON"] ?? "python3"] + arguments
    process.standardOutput = FileHandle.nullDevice
    let errors = Pipe()
    process.standardError = errors
    try process.run()
    let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failure(text: text) }
  }

  struct Failure: Error, CustomStringConvertible {
    let text: String
    var description: String { text }
  }
}
