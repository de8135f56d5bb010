import Foundation
import GRDB
import TestSupport
import Testing

/// What people and programs see of a run: progress, status, failures, single trials again.
@Suite("Following a run") struct FollowingTests {
  private let program: BuiltProgram
  private let directory: TemporaryDirectory

  init() throws {
    program = try BuiltProgram()
    directory = try TemporaryDirectory()
  }

  private func sweep(
    _ lines: String, _ more: [String] = [], environment: [String: String?] = [:]
  ) throws -> BuiltProgram.Outcome {
    let path = try directory.write("name: f\n" + lines + "\n", to: "f.yaml")
    return try program.run(
      ["sweep", path, "--no-figures", "-o", directory.file("run")] + more, environment: environment)
  }

  private func status() throws -> [String: Any] {
    let outcome = try program.run(["status", directory.file("run"), "--json"])
    let json = try ExactJSON.object(with: Data(outcome.output.utf8))
    return try #require(json as? [String: Any])
  }

  private var firstTrial: String {
    get throws {
      String(
        try #require(try directory.read("run/trials.csv").split(separator: "\n").dropFirst().first).prefix(12)
      )
    }
  }

  @Test func statusCountsByStateAndEstimatesWhatIsLeft() throws {
    #expect(try sweep("hidden_size: 8\nsequence_length: 20\nspectral_radius: [0.1, 1]\nseeds: 4").status == 0)
    let done = try status()
    #expect(done["total"] as? Int == 16)
    #expect(done["done"] as? Int == 16)
    #expect(done["left"] as? Int == 0)
    #expect(done["seconds_left"] as? Double == 0)
    // Added seeds are left until they are run.
    let spec = try directory.read("run/spec.yaml").replacingOccurrences(
      of: "[0, 1, 2, 3]", with: "[0, 1, 2, 3, 4]")
    _ = try directory.write(spec, to: "run/spec.yaml")
    let grown = try status()
    #expect(grown["left"] as? Int == 4)
    #expect(try #require(grown["seconds_left"] as? Double) > 0)
    let text = try program.run(["status", directory.file("run")])
    #expect(text.output.contains("16 of 20 trials done, 4 left"))
    #expect(text.errors.contains("Next: gradflow sweep"))
    #expect(try program.run(["sweep", directory.file("run"), "--no-figures"]).status == 0)
    #expect(try status()["left"] as? Int == 0)
  }

  /// Eigenvalues that cannot be found: those of five units are not.
  private static let failing = Preload("failing_eigenvalues")

  /// Trials of five units fail, and nothing else does.
  private func sweepWithFailures(_ more: [String] = []) throws -> BuiltProgram.Outcome {
    try sweep(
      "cells: rnn\nhidden_size: [4, 5]\nbatch_size: 2\nsequence_length: 10\nspectral_radius: 1\nseeds: 3",
      more,
      environment: ["LD_PRELOAD": Self.failing?.path])
  }

  @Test(.enabled(if: failing != nil, .noPreloading))
  func failuresAreToldWhenTheyHappenWithTheCommandThatRepeatsThem() throws {
    let outcome = try sweepWithFailures()
    #expect(outcome.status == 1)
    let told = try #require(
      outcome.errors.firstMatch(
        of: /trial ([0-9a-f]{12}) failed: .*; to run it again: gradflow repro (.*) ([0-9a-f]{12})\n/))
    #expect(told.1 == told.3)
    let again = try program.run(
      ["repro", String(told.2), String(told.1)], environment: ["LD_PRELOAD": Self.failing?.path])
    #expect(again.status == 0)
    #expect(again.output.contains("status failed: "))
    #expect(try status()["failed"] as? Int == 3)
    // They are not run again unless that is asked for, and a plan says the same.
    #expect(
      try sweepWithFailures(["--dry-run"]).output.contains("3 of them are already done, 3 failed, 0 left"))
    #expect(
      try sweepWithFailures(["--dry-run", "--retry-failed"]).output.contains(
        "3 of them are already done, 3 left"))
    let second = try sweepWithFailures()
    #expect(second.status == 1)
    #expect(second.errors.contains("0 of 6 trials left"))
    let third = try sweepWithFailures(["--retry-failed"])
    #expect(third.errors.contains("3 of 6 trials left"))
    #expect(try status()["failed"] as? Int == 3)
  }

  @Test(.enabled(if: failing != nil, .noPreloading)) func failFastEndsAtTheFirstFailure() throws {
    let outcome = try sweepWithFailures(["--fail-fast", "--order", "grid", "--jobs", "1", "seeds=2000"])
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("stopped at a failed trial"))
    #expect(try #require(try status()["left"] as? Int) > 0)
  }

  @Test func reproComparesEveryNumberBitForBit() throws {
    #expect(
      try sweep("cells: gru\nhidden_size: 8\nsequence_length: 12\nclip: {step-norm: 0.5}\nseeds: 2").status
        == 0)
    let trial = try firstTrial
    let same = try program.run(["repro", directory.file("run"), String(trial.prefix(8))])
    #expect(same.status == 0)
    #expect(same.output.contains("numbers are the same, bit for bit"))
    // One bit of one step, in a row as of the first version, which had no checksums: others would tell before.
    try DatabaseQueue(path: directory.file("run/trials.sqlite")).write { db in
      var blob = try #require(
        try Data.fetchOne(db, sql: "SELECT step_values FROM trials WHERE id = ?", arguments: [trial]))
      blob[blob.startIndex + 8] ^= 1
      try db.execute(
        sql: """
          UPDATE trials SET step_values = ?, checksum = NULL, seconds = NULL, session = NULL WHERE id = ?
          """, arguments: [blob, trial])
    }
    let other = try program.run(["repro", directory.file("run"), trial])
    #expect(other.status == 1)
    #expect(other.output.contains("log10_grad_h at t = 1: recorded"))
    #expect(try program.run(["repro", directory.file("run"), "0123"]).status == 66)
    #expect(try program.run(["repro", directory.file("run"), ""]).status == 66)
  }

  @Test func progressIsPlainLinesWithoutATerminal() throws {
    let outcome = try sweep(
      "cells: rnn\nhidden_size: 8\nsequence_length: 400\nspectral_radius: [0.1, 3]\nseeds: 20")
    #expect(!outcome.errors.contains("\r"))
    #expect(outcome.errors.contains(/40\/40 trials, [0-9]+ per second, [0-9]+ s, [0-9]+ underflowed\n/))
  }

  @Test(
    .enabled(
      if: FileManager.default.isExecutableFile(atPath: "/usr/bin/script"),
      "there is no 'script' to stand for a terminal"))
  func progressIsOneRedrawnLineOnATerminal() throws {
    let path = try directory.write("name: t\nhidden_size: 8\nsequence_length: 30\nseeds: 30\n", to: "t.yaml")
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/usr/bin/script")
    shell.arguments = [
      "-qec", "TERM=xterm \(program.path) sweep \(path) --no-figures -o \(directory.file("run")) > /dev/null",
      directory.file("typescript"),
    ]
    shell.standardOutput = FileHandle.nullDevice
    shell.standardInput = FileHandle.nullDevice
    try shell.run()
    shell.waitUntilExit()
    let seen = try directory.read("typescript")
    #expect(seen.contains(/\r\u{1B}\[J60\/60 trials, [0-9]+ per second, [0-9]+ s/))
    #expect(seen.components(separatedBy: "\n").filter { $0.contains("per second") }.count == 1)
  }
}
