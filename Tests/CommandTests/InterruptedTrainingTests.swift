import Foundation
import TestSupport
import Testing

/// Signals to trainings whose updates take long: what is said is what is kept.
@Suite("Interrupted trainings") struct InterruptedTrainingTests {
  let program: BuiltProgram
  let directory: TemporaryDirectory

  init() throws {
    program = try BuiltProgram()
    directory = try TemporaryDirectory()
  }

  private func command(_ run: String, steps: Int, _ more: [String] = []) throws -> [String] {
    let path = try directory.write(
      """
      name: a
      task: {kind: adding}
      cells: lstm
      hidden_size: 64
      batch_size: 16
      sequence_length: \(steps)
      iterations: 100000
      evaluation_size: 100
      evaluate_every: 0
      diagnose_every: 0
      record_every: 1000
      seeds: 1

      """, to: "a.yaml")
    return ["train", path, "--no-figures", "-o", directory.file(run)] + more
  }

  /// The update of the only checkpoint; nil without one.
  private func checkpoint(_ run: String) throws -> Int? {
    let folder = directory.file(run + "/checkpoints")
    guard
      let name = try? FileManager.default.contentsOfDirectory(atPath: folder).first(where: {
        $0.hasSuffix(".safetensors")
      })
    else { return nil }
    let bytes = try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name))
    let header = String(decoding: bytes.dropFirst(8).prefix(2000), as: UTF8.self)
    return header.firstMatch(of: /"gradflow.iteration":"([0-9]+)"/).flatMap { Int($0.1) }
  }

  @Test(arguments: [SIGINT, SIGTERM]) func aTrainingRestsAfterItsUpdateAndSaysWhere(signal: Int32) throws {
    let running = try program.start(try command("a", steps: 12_000))
    #expect(running.waits { FileManager.default.fileExists(atPath: directory.file("a/progress.json")) })
    usleep(2_500_000)
    running.send(signal)
    let outcome = try running.wait()
    #expect(outcome.status == 130, "\(outcome.errors)")
    let kept = try #require(try checkpoint("a"), "\(outcome.errors)")
    #expect(
      outcome.errors.contains("The training run in progress continues from update \(kept)."),
      "\(outcome.errors)")
    #expect(outcome.errors.contains("Interrupted: 0 of 1 trials are stored in "))
  }

  // Between rows, and long before 256 updates.
  @Test func aCheckpointIsWrittenWithinSecondsWhateverAnUpdateTakes() throws {
    let running = try program.start(try command("c", steps: 8000))
    let start = ContinuousClock.now
    #expect(try running.waits { try checkpoint("c") != nil })
    #expect(ContinuousClock.now - start < .seconds(20))
    running.send(SIGKILL)
    _ = try running.wait()
    let kept = try #require(try checkpoint("c"))
    #expect((1..<256).contains(kept))
  }

  @Test func aSecondInterruptStopsAtOnce() throws {
    // Minutes an update.
    let running = try program.start(
      try command("b", steps: 20_000, ["hidden_size=512", "batch_size=64"]))
    // The first weights are drawn.
    #expect(running.waits { running.errors.contains("update 0 of 100000") })
    running.send(SIGINT)
    #expect(running.waits { running.errors.contains("a second Ctrl-C stops at once") }, "\(running.errors)")
    let start = ContinuousClock.now
    running.send(SIGINT)
    let outcome = try running.wait()
    #expect(ContinuousClock.now - start < .seconds(5))
    #expect(outcome.status == 130)
    #expect(
      outcome.errors.contains(
        "the training run in progress stops after its current update; no update has finished yet, so the time is unknown"
      ),
      "\(outcome.errors)")
    #expect(
      outcome.errors.contains("Stopped at once. The training run in progress continues from the beginning."))
    #expect(try checkpoint("b") == nil)
  }
}
