import Foundation
import TestSupport
import Testing

/// The commands that faults are made to happen in, each on a small input.
enum FaultedCommand: String, CaseIterable, Sendable, CustomTestStringConvertible {
  case sweep, train, plot, merge, compare, diagnose, repair

  var testDescription: String { rawValue }

  /// Whether it runs gnuplot.
  var draws: Bool { self == .plot || self == .diagnose }

  /// Its words.
  func arguments(_ folder: TemporaryDirectory) -> [String] {
    let run = folder.file("run")
    switch self {
    case .sweep: return ["sweep", folder.file("s.yaml"), "-o", run, "--jobs", "1", "--no-figures"]
    case .train: return ["train", folder.file("t.yaml"), "-o", run, "--jobs", "1", "--no-figures"]
    case .plot: return ["plot", run, "--figure", "decay", "--figure", "rate", "--format", "svg"]
    case .merge: return ["merge", run, "--no-figures"]
    case .compare: return ["compare", run]
    case .diagnose:
      return [
        "diagnose", folder.file("model.safetensors"), "--inputs", folder.file("x.npy"),
        "--time-first", "-o", folder.file("run"),
        "--figure", "decay", "--format", "svg",
      ]
    case .repair: return ["repair", run]
    }
  }

  private static let specification = """
    name: s
    cells: [rnn, lstm]
    hidden_size: 6
    input_size: 3
    batch_size: 2
    sequence_length: [5, 9]
    spectral_radius: [0.5, 1.5]
    seeds: 2

    """

  private static let training = """
    name: t
    task: {kind: adding}
    cells: [lstm]
    hidden_size: 4
    batch_size: 2
    sequence_length: 5
    optimizer: adam
    learning_rate: 0.01
    iterations: 4000
    stop_at_success: false
    evaluation_size: 100
    evaluate_every: 1000
    record_every: 500
    diagnose_every: 2000
    checkpoint_every: 2000
    seeds: 2

    """

  /// Makes what it works on: for a training, one that was interrupted.
  func prepare(_ folder: TemporaryDirectory, _ program: BuiltProgram) throws {
    try FileManager.default.createDirectory(atPath: folder.file("tmp"), withIntermediateDirectories: true)
    _ = try folder.write(Self.specification, to: "s.yaml")
    let sweep = Self.sweep.arguments(folder)
    func run(_ arguments: [String]) throws {
      let outcome = try program.run(arguments)
      guard outcome.status == 0 else { throw Unprepared(arguments: arguments, errors: outcome.errors) }
    }
    switch self {
    case .sweep: break
    case .train:
      _ = try folder.write(Self.training, to: "t.yaml")
      try interruptTraining(folder, program)
    case .plot, .compare: try run(sweep)
    case .merge:
      for shard in ["1/2", "2/2"] { try run(sweep + ["--shard", shard]) }
    case .diagnose:
      _ = try folder.write(SmallModel(.lstm))
      _ = try folder.write(numbers: [6, 2, 3], to: "x.npy")
    case .repair:
      try run(sweep)
      let store = folder.file("run/trials.sqlite")
      let size = try FileManager.default.attributesOfItem(atPath: store)[.size] as? Int ?? 0
      truncate(store, off_t(size * 2 / 3))
    }
  }

  /// Runs a training until it has begun, and interrupts it, so that there is a checkpoint to go on from.
  private func interruptTraining(_ folder: TemporaryDirectory, _ program: BuiltProgram) throws {
    for _ in 0..<20 {
      let running = try program.start(arguments(folder))
      _ = running.waits { (try? folder.names("run/models").isEmpty) == false }
      running.send(SIGTERM)
      _ = try running.wait()
      if (try? folder.names("run/checkpoints").isEmpty) == false { return }
      try? FileManager.default.removeItem(atPath: folder.file("run"))
    }
    throw Unprepared(arguments: arguments(folder), errors: "no checkpoint")
  }

  struct Unprepared: Error {
    let arguments: [String]
    let errors: String
  }
}

extension TemporaryDirectory {
  /// The names in a folder of it.
  func names(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: file(folder))
  }
}
