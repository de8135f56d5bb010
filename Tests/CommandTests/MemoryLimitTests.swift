import Foundation
import TestSupport
import Testing

/// What is said of memory before a run, and what the run then takes.
@Suite("Memory of a run") struct MemoryLimitTests {
  let program: BuiltProgram
  let directory: TemporaryDirectory

  init() throws {
    program = try BuiltProgram()
    directory = try TemporaryDirectory()
  }

  /// Large in one way each.
  private static let runs: [String: (command: String, lines: String)] = [
    "outputs": (
      "sweep",
      "cells: lstm\nseeds: 1\nhidden_size: 8\nbatch_size: 1024\nsequence_length: 2\nreadout_size: 65536\n"
        + "loss: cross-entropy-every-step"
    ),
    "targets": (
      "sweep",
      "cells: rnn\nseeds: 1\nhidden_size: 8\nbatch_size: 2000\nsequence_length: 3\nreadout_size: 8000\n"
        + "loss: final-mse"
    ),
    "steps": (
      "sweep",
      "cells: lstm\nseeds: 1\nhidden_size: 4\ninput_size: 4\nbatch_size: 1\nsequence_length: 150000"
    ),
    "some steps": (
      "sweep",
      "cells: lstm\nseeds: 1\nhidden_size: 4\ninput_size: 4\nbatch_size: 1\nsequence_length: 150000\n"
        + "record: log-spaced"
    ),
    "layers": (
      "sweep",
      "cells: gru\nseeds: 1\nhidden_size: 4\ninput_size: 4\nbatch_size: 2\nsequence_length: 20000\nlayers: 3\n"
        + "bidirectional: true\nclip: {step-norm: 0.1}"
    ),
    "inputs": (
      "sweep",
      "cells: rnn\nseeds: 1\nhidden_size: 4\ninput_size: 1000\nbatch_size: 40\nsequence_length: 500\n"
        + "washout: 300\nclip: {global-norm: 1}"
    ),
    "batch": (
      "sweep", "cells: gru\nseeds: 2\nhidden_size: 8\ninput_size: 4\nbatch_size: 8000\nsequence_length: 40"
    ),
    "profiles": (
      "train",
      "task: {kind: adding}\nseeds: 1\ncells: lstm\nhidden_size: 4\nbatch_size: 1\nsequence_length: 1000\n"
        + "iterations: 200\nevaluation_size: 100\ndiagnose_every: 1\nrecord_every: 1\ndiagnostics: full"
    ),
    "rows": (
      "train",
      "task: {kind: adding}\nseeds: 1\ncells: rnn\nhidden_size: 2\nbatch_size: 1\nsequence_length: 10\n"
        + "iterations: 60000\nevaluation_size: 100\nevaluate_every: 0\ndiagnose_every: 0\nrecord_every: 1"
    ),
    "jobs": (
      "sweep",
      "cells: lstm\nseeds: 24\nhidden_size: 16\ninput_size: 4\nbatch_size: 8\nsequence_length: 2000"
    ),
  ]

  /// The peak in bytes of a command, and its exit code.
  private func peak(_ arguments: [String]) throws -> (bytes: Double, outcome: BuiltProgram.Outcome) {
    let running = try program.start(arguments)
    var peak = 0.0
    while running.isRunning {
      let status =
        (try? String(contentsOfFile: "/proc/\(running.processIdentifier)/status", encoding: .utf8)) ?? ""
      if let found = status.firstMatch(of: /VmHWM:\s+([0-9]+) kB/) {
        peak = max(peak, (Double(found.1) ?? 0) * 1024)
      }
      usleep(5_000)
    }
    return (peak, try running.wait())
  }

  private func planned(_ command: [String]) throws -> Double {
    let plan = try program.run(command + ["--dry-run"])
    let found = try #require(
      plan.output.firstMatch(of: /memory: about ([0-9.]+) (kB|MB|GB)/), "\(plan.errors)")
    return (Double(found.1) ?? 0) * (["kB": 1e3, "MB": 1e6, "GB": 1e9][found.2] ?? .nan)
  }

  @Test(arguments: runs.keys.sorted())
  func staysBelowWhatWasSaidAndSoBelowALimit(large: String) throws {
    let (verb, lines) = try #require(Self.runs[large])
    let path = try directory.write("name: m\n\(lines)\n", to: "m.yaml")
    let command = [verb, path, "-o", directory.file("run"), "--no-figures", "-q"]
    let said = try planned(command)
    let (bytes, outcome) = try peak(command + ["--memory-limit", "\(Int(said * 1.5 / 1e6) + 1)MB"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(bytes > 0 && bytes <= 1.25 * said, "\(large): \(bytes / 1e6) MB, said were \(said / 1e6)")
  }

  @Test func whatCannotFitIsRefusedWithTheMemoryItNeeds() throws {
    let path = try directory.write(
      "name: m\ncells: lstm\nseeds: 1\nhidden_size: 8\nbatch_size: 4096\nsequence_length: 2\nreadout_size: 65536\n"
        + "loss: cross-entropy-every-step\n", to: "m.yaml")
    let command = ["sweep", path, "-o", directory.file("run"), "--no-figures", "--dry-run", "--memory-limit"]
    let refused = try program.run(command + ["500MB"])
    #expect(refused.status == 78)
    #expect(refused.errors.contains("batch_size 4096, sequence_length 2, readout_size 65536"))
    let needed = try #require(refused.errors.firstMatch(of: /([0-9.]+) GB/)).1
    #expect((1.0...2).contains(try #require(Double(needed))))
    // A little more than what is said is needed is enough.
    let enough = try program.run(command + ["\(try #require(Double(needed)) + 0.1)GB"])
    #expect(enough.status == 0, "\(enough.errors)")
  }

  @Test func resultsThatTheStoreCannotTakeAreRefused() throws {
    let path = try directory.write(
      "name: m\ncells: rnn\nseeds: 1\nhidden_size: 1\nbatch_size: 1\nsequence_length: 20000000\n",
      to: "m.yaml")
    let refused = try program.run(
      ["sweep", path, "-o", directory.file("run"), "--dry-run", "--memory-limit", "100TB"])
    #expect(refused.status == 78)
    #expect(
      refused.errors.contains("1 GB in a row of the store available; use shorter sequences"),
      "\(refused.errors)")
  }

  @Test func modelsAndCheckpointsCountOnTheDisk() throws {
    func disk(_ more: [String]) throws -> Double {
      let path = try directory.write(
        "name: m\ntask: {kind: adding}\ncells: lstm\nseeds: 1\nhidden_size: 256\niterations: 1000\n"
          + "evaluation_size: 100\n", to: "m.yaml")
      let plan = try program.run(["train", path, "-o", directory.file("run"), "--dry-run"] + more)
      let found = try #require(
        plan.output.firstMatch(of: /disk: about ([0-9.]+) (kB|MB|GB)/), "\(plan.errors)")
      return (Double(found.1) ?? 0) * (["kB": 1e3, "MB": 1e6, "GB": 1e9][found.2] ?? .nan)
    }
    // 4·256·(256 + 2 + 2) + 257 numbers of float32: 1.07 MB a model.
    let (one, many) = (try disk(["checkpoint_every=0"]), try disk(["checkpoint_every=10"]))
    #expect((100...103).contains((many - one) / 1.0661e6), "\(one) and \(many)")
    #expect(one > 3 * 1.066e6)
  }

  @Test func figuresBeyondTheLimitAreLeftOutWithTheCommandThatDrawsThem() throws {
    let path = try directory.write(
      "name: m\ncells: rnn\nseeds: 200\nhidden_size: 1\ninput_size: 1\nbatch_size: 1\nsequence_length: 2000\n",
      to: "m.yaml")
    let outcome = try program.run(["sweep", path, "-o", directory.file("run"), "--memory-limit", "120MB"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("No figures: they need about "), "\(outcome.errors)")
    #expect(outcome.errors.contains("draw them with 'gradflow plot"))
  }
}
