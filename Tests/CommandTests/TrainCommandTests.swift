import Foundation
import TestSupport
import Testing

@Suite("gradflow train") struct TrainCommandTests {
  let program: BuiltProgram
  let directory: TemporaryDirectory

  init() throws {
    program = try BuiltProgram()
    directory = try TemporaryDirectory()
  }

  private static let lines = """
    name: t
    task: {kind: temporal-order}
    cells: [rnn, lstm]
    hidden_size: 8
    batch_size: 4
    sequence_length: 10
    learning_rate: 0.05
    clip: {global-norm: 1}
    evaluation_size: 100
    seeds: 1

    """

  private func train(_ iterations: Int, into run: String, _ more: [String] = []) throws -> [String] {
    let path = try directory.write(Self.lines + "iterations: \(iterations)\n", to: "t.yaml")
    return ["train", path, "--no-figures", "-o", directory.file(run)] + more
  }

  private static let files = ["trials.csv", "timesteps.csv", "training.csv", "training_timesteps.csv"]

  @Test func leavesItsFilesAndSaysWhatCameOut() throws {
    let outcome = try program.run(try train(40, into: "run", ["diagnose_every=4"]))
    #expect(outcome.status == 0, "\(outcome.errors)")
    for name in Self.files + ["manifest.json", "spec.yaml", "trials.sqlite"] {
      #expect(FileManager.default.fileExists(atPath: directory.file("run/" + name)), "\(name)")
    }
    #expect(!FileManager.default.fileExists(atPath: directory.file("run/checkpoints")))
    #expect(outcome.output.contains("T = 10") && outcome.output.contains("clip engaged"))
    #expect(outcome.errors.contains("training.csv: "))
    #expect(outcome.errors.contains("diagnostics standard: an update with a profile took "))
    #expect(outcome.errors.hasSuffix("Next: gradflow compare \(directory.file("run"))\n"))
    let models = try FileManager.default.contentsOfDirectory(atPath: directory.file("run/models"))
    #expect(models.count == 2)
    let compared = try program.run(["compare", directory.file("run"), "--json"])
    #expect(compared.status == 0 && compared.output.contains("\"outcomes\""))
    let again = try program.run(try train(40, into: "run", ["diagnose_every=4"]))
    #expect(again.status == 0 && again.errors.contains("0 of 2 trials left"))
  }

  // What was interrupted goes on in the middle of a training, to the same bytes.
  @Test(arguments: [SIGTERM, SIGKILL])
  func aTrainingThatWasInterruptedGoesOnToTheSameBytes(signal: Int32) throws {
    let size = ["stop_at_success=false", "hidden_size=24", "sequence_length=20", "--quiet"]
    let iterations = 6_000
    let start = Date()
    let undisturbed = try program.run(try train(iterations, into: "whole", size))
    #expect(undisturbed.status == 0, "\(undisturbed.errors)")
    let duration = Date().timeIntervalSince(start)
    var wentOn = 0
    for share in [0.3, 0.3, 0.2] {
      let running = try program.start(try train(iterations, into: "cut", size))
      usleep(UInt32(1e6 * share * duration))
      running.send(signal)
      _ = try running.wait()
      let folder = directory.file("cut/checkpoints")
      wentOn += (try? FileManager.default.contentsOfDirectory(atPath: folder).count) ?? 0
    }
    // A killed one has no time to rest, and begins again.
    if signal == SIGTERM { #expect(wentOn > 0) }
    let last = try program.run(try train(iterations, into: "cut", size))
    #expect(last.status == 0, "\(last.errors)")
    for name in Self.files {
      #expect(try directory.read("whole/" + name) == directory.read("cut/" + name), "\(name)")
    }
    #expect(!FileManager.default.fileExists(atPath: directory.file("cut/checkpoints")))
  }

  @Test func gradientsAreShownAsTheyEvolve() throws {
    let outcome = try program.run(
      try train(
        20_000, into: "run", ["--watch", "stop_at_success=false", "diagnose_every=500", "--jobs", "1"]))
    #expect(outcome.status == 0)
    let lines = outcome.errors.split(separator: "\n").filter { $0.contains("‖∂L/∂h_t‖ t = 1 10^") }
    // Each profile of either cell, though training is over before anyone has looked twice.
    let profiles = CSVRows(try directory.read("run/training_timesteps.csv")).rows(where: ["t": "1"])
    #expect(lines.count == profiles.count && lines.count > 40, "\(outcome.errors)")
    let first = CSVRows(try directory.read("run/training.csv")).rows(where: ["iteration": "1", "cell": "rnn"])
    let loss = try #require(first.first?["loss"].flatMap { Double($0) })
    #expect(
      lines.contains {
        $0.contains("update       1  loss \(String(format: "%.4g", loss)) ") && $0.contains("  rnn,")
      })
    #expect(!outcome.errors.contains("\u{1B}"))
    #expect(lines.allSatisfy { $0.contains("█") && $0.contains(", seed 0") })
  }

  @Test func withoutIterationsSaysWhatToDo() throws {
    let path = try directory.write("name: t\nseeds: 1\n", to: "t.yaml")
    let outcome = try program.run(["train", path])
    #expect(outcome.status == 64)
    #expect(outcome.errors.contains("has no iterations: add for example 'iterations=10000'"))
  }

  @Test func theTemplateOfATrainingTrains() throws {
    let template = try program.run(["init", "--train", "--name", "mine"])
    let path = try directory.write(template.output, to: "mine.yaml")
    let outcome = try program.run(["train", path, "iterations=20", "evaluation_size=100", "--dry-run"])
    #expect(outcome.status == 0 && outcome.output.contains("iterations: 20"), "\(outcome.errors)")
  }
}
