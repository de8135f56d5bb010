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
    } + networks

  /// Layers, directions, embeddings, lengths and the tasks that came with them.
  private static let networks =
    [
      """
      cells: [rnn, lstm]
      hidden_size: 4
      input_size: 3
      batch_size: 5
      sequence_length: 6
      layers: [1, 3]
      bidirectional: [false, true]
      min_length: [none, 2]
      initial_state_scale: [0, 0.5]
      loss: [final-dot, final-mse, cross-entropy-final, cross-entropy-every-step]
      readout_size: 3
      seeds: 2
      """,
      """
      task: {kind: reversal, symbols: 3}
      cells: gru
      hidden_size: 4
      batch_size: 7
      sequence_length: 5
      layers: [1, 2]
      embedding_size: [none, 3]
      min_length: [none, 2]
      seeds: 2
      """,
      """
      task: {kind: echo, delay: 2, symbols: 5}
      cells: lstm
      hidden_size: 4
      batch_size: 6
      sequence_length: 6
      embedding_size: 4
      tied: [false, true]
      min_length: [none, 3]
      seeds: 2
      """,
    ]
    + [
      ("flip-flop, bits: 2", 6), ("class-to-sequence, classes: 3", 6), ("adding", 5),
      ("class-to-sequence, classes: 3, feedback: nothing", 6), ("temporal-order", 14),
      ("memorisation, bits: 2", 8),
    ].map {
      "task: {kind: \($0)}\ncells: rnn\nhidden_size: 4\nbatch_size: 6\nsequence_length: \($1)\nlayers: 2\nmin_length: "
        + "[none, \($1 - 3)]\nseeds: 2"
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
      let network = problem.network
      let isOneLayer = network.places == [LayerPlace(layer: 0)] && network.embedding == nil
      // What is 0 is not written.
      for (place, values) in zip(network.arrayPlaces, network.arrays)
      where !place.name.contains("bias_hh") && !place.name.hasPrefix("readout") {
        try expect(isOneLayer ? place.name.replacing("_l0", with: "") : place.name, values)
      }
      try expect("inputs", problem.numbers)
      try expect("source", problem.inputs.source?.inputs.dense)
      try expect("targets", Self.targets(problem.loss))
      try expect("readout", problem.loss.readout?.weight.values)
      for place in network.places where place.part != .encoder {
        let state = problem.inputs.initialState?.layers[place.layer][place.direction.index]
        let suffix = isOneLayer ? "" : place.direction.suffix(layer: place.layer)
        try expect("initial_hidden" + suffix, state?.hidden)
        try expect("initial_cell" + suffix, state?.cell)
      }
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
