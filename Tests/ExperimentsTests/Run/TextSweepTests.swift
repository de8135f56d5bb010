import Experiments
import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("Sweeps on text") struct TextSweepTests {
  private let directory: TemporaryDirectory
  private let text = String(repeating: "the quick brown fox jumps over the lazy dog; ", count: 20)

  init() throws {
    directory = try TemporaryDirectory()
    _ = try directory.write(text, to: "input.txt")
  }

  private func sweep(_ loss: String) async throws -> [TrialRecord] {
    let path = try directory.write(
      """
      name: text
      cells: [rnn, lstm]
      hidden_size: 16
      batch_size: 4
      sequence_length: 40
      spectral_radius: 0.5
      task: {kind: text, path: input.txt}
      loss: \(loss)
      seeds: 1
      """, to: "\(loss).yaml")
    let sweep = try Sweep(
      SweepSpecification.read(path: path), directory: directory.file(loss), options: SweepOptions(jobs: 1))
    let progress = try await sweep.execute().counts
    #expect(progress.failed == 0)
    return try sweep.run.trials.compactMap { try sweep.run.record($0) }
  }

  @Test func aLossAtEveryStepHidesTheDecayThatTheFinalLossShows() async throws {
    let final = try await sweep("cross-entropy-final")
    let every = try await sweep("cross-entropy-every-step")
    #expect(final.allSatisfy { ($0.log10RatioFirstLast ?? 0) < -3 })
    #expect(every.allSatisfy { ($0.log10RatioFirstLast ?? -9).magnitude < 1 })
    let run = try Run(directory: directory.file("cross-entropy-every-step"))
    let text = try Comparison(run).text(.text)
    #expect(text.contains(Comparison.everyStepNote))
  }

  @Test func theRunRemembersItsTextByContent() async throws {
    _ = try await sweep("cross-entropy-final")
    _ = try directory.write(text + "more", to: "input.txt")
    let spec = try SweepSpecification.read(path: directory.file("cross-entropy-final.yaml"))
    #expect(throws: RunError.self) {
      try Sweep(spec, directory: directory.file("cross-entropy-final"), options: SweepOptions(jobs: 1))
    }
  }

  @Test func aRelativePathStartsAtTheSpecification() throws {
    let folder = directory.path.split(separator: "/").last.map(String.init) ?? ""
    _ = try directory.write(
      "name: t\ntask: {kind: text, path: ../\(folder)/input.txt}\n", to: "relative.yaml")
    let spec = try SweepSpecification.read(path: directory.file("relative.yaml"))
    guard let file = spec.task.file else {
      Issue.record("not a text task")
      return
    }
    #expect(file.resolvedPath.hasSuffix("/\(folder)/input.txt"))
  }
}
