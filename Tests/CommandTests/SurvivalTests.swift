import Foundation
import GRDB
import TestSupport
import Testing

/// Sweeps that are ended in every way there is: what is finished stays, and the result is that of an undisturbed run.
@Suite("Survival") struct SurvivalTests: SweepSuite {
  let program: BuiltProgram
  let directory: TemporaryDirectory

  init() throws {
    program = try BuiltProgram()
    directory = try TemporaryDirectory()
  }

  /// Which process stored which trial.
  private func sessions(_ run: String) throws -> [String: Int64] {
    let path = directory.file(run + "/trials.sqlite")
    guard FileManager.default.fileExists(atPath: path) else { return [:] }
    return try DatabaseQueue(path: path).read { db in
      guard try db.tableExists("trials") else { return [:] }
      let rows = try Row.fetchAll(db, sql: "SELECT id, session FROM trials")
      return Dictionary(uniqueKeysWithValues: rows.map { ($0["id"], $0["session"]) })
    }
  }

  @Test(.timeLimit(.minutes(5)))
  func aHundredKillsLeaveTheResultsOfAnUndisturbedRun() throws {
    let path = try specification(
      """
      cells: [rnn, lstm]
      hidden_size: 48
      sequence_length: [20, 60]
      spectral_radius: [0.5, 1, 1.5]
      clip: [none, {step-norm: 1}]
      seeds: 40
      """)
    let undisturbed = try program.run(command(path, into: "whole"))
    #expect(undisturbed.status == 0, "\(undisturbed.errors)")
    let total = try sessions("whole").count

    var random = SeededGenerator(seed: 7)
    var known: [String: Int64] = [:]
    var killed = 0
    var killedUnfinished = 0
    while killed < 100 {
      let running = try program.start(command(path, into: "killed", ["--jobs", "1"]))
      usleep(UInt32.random(in: 0..<160_000, using: &random))
      running.send(SIGKILL)
      let outcome = try running.wait()
      guard outcome.status == SIGKILL else { continue }
      killed += 1
      guard killed % 5 == 0 else { continue }
      let now = try sessions("killed")
      if now.count < total { killedUnfinished = killed }
      // Nothing is lost, and nothing was run again.
      for (trial, session) in known { #expect(now[trial] == session) }
      known = now
    }
    #expect(killedUnfinished >= 10, "trials were done after \(killedUnfinished) kills")
    let last = try program.run(command(path, into: "killed"))
    #expect(last.status == 0, "\(last.errors)")
    let stored = try sessions("killed")
    #expect(stored.count == total)
    for (trial, session) in known { #expect(stored[trial] == session) }
    #expect(try isSame("whole", "killed"))
    let left = try FileManager.default.contentsOfDirectory(atPath: directory.file("killed"))
    #expect(
      !left.contains { $0.hasSuffix(".tmp") || $0.hasSuffix("-wal") }
    )
  }

  /// A power failure leaves of the log what was synced: some length of it, perhaps with a torn end.
  @Test func aLogThatIsCutOffAnywhereGivesTheTrialsBeforeTheCut() throws {
    let path = try specification("hidden_size: 24\nsequence_length: 20\nseeds: 600")
    #expect(try program.run(command(path, into: "whole")).status == 0)
    let running = try program.start(command(path, into: "cut", ["--jobs", "1"]))
    let log = directory.file("cut/trials.sqlite-wal")
    func size(_ path: String) -> Int {
      (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
    }
    _ = running.waits { size(log) > 300_000 }
    running.send(SIGKILL)
    _ = try running.wait()
    let length = size(log)
    try #require(length > 100_000)
    let stored = try Data(contentsOf: URL(fileURLWithPath: directory.file("cut/trials.sqlite")))
    let logged = try Data(contentsOf: URL(fileURLWithPath: log))

    var random = SeededGenerator(seed: 3)
    var counts: [(length: Int, trials: Int)] = []
    for _ in 0..<40 {
      let cut = Int.random(in: 0...length, using: &random)
      var torn = logged.prefix(cut)
      // The last sector may be anything.
      for k in torn.indices.suffix(min(512, cut)) where Bool.random(using: &random) { torn[k] = 0 }
      try stored.write(to: URL(fileURLWithPath: directory.file("cut/trials.sqlite")))
      try torn.write(to: URL(fileURLWithPath: log))
      counts.append((cut, try sessions("cut").count))
    }
    counts.sort { $0.length < $1.length }
    for (a, b) in zip(counts, counts.dropFirst()) where b.length - a.length > 512 {
      #expect(a.trials <= b.trials)
    }
    #expect(try #require(counts.last).trials > 3)
    let last = try program.run(command(path, into: "cut"))
    #expect(last.status == 0, "\(last.errors)")
    #expect(try isSame("whole", "cut"))
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
  func aSignalEndsLongTrialsAtOnceAndSaysHowToGoOn(_ signal: Int32) throws {
    // Trials of minutes: an end within half a minute cannot have waited for one.
    let path = try specification(
      "cells: lstm\nhidden_size: 256\nbatch_size: 64\nsequence_length: 20000\nseeds: 4")
    let running = try program.start(command(path, into: "run"))
    #expect(running.waits { FileManager.default.fileExists(atPath: directory.file("run/progress.json")) })
    let start = Date()
    running.send(signal)
    let outcome = try running.wait()
    #expect(Date().timeIntervalSince(start) < 10)
    #expect(outcome.status == 130)
    #expect(outcome.errors.contains("Interrupted: 0 of"))
    #expect(outcome.errors.contains("To continue, run the same command:\n  \(program.path) sweep "))
    let status = try program.run(["status", directory.file("run"), "--json"])
    #expect(status.output.contains("\"state\": \"stopped\""))
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func aSignalWhileResultsAreWrittenLeavesTheOldOnes(_ signal: Int32) throws {
    let path = try specification("cells: rnn\nhidden_size: 4\nsequence_length: 2000\nseeds: 150")
    #expect(try program.run(command(path, into: "run", ["seeds=1"])).status == 0)
    let before = try directory.read("run/timesteps.csv")
    let running = try program.start(command(path, into: "run", ["--jobs", "1"]))
    let folder = directory.file("run")
    let isWriting = running.waits {
      // Tables are the only files of which two are written at a time.
      ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).count { $0.hasSuffix(".tmp") }
        > 1
    }
    try #require(isWriting)
    running.send(signal)
    let outcome = try running.wait()
    #expect(outcome.status == 130)
    #expect(outcome.errors.contains("Interrupted: 150 trials are stored in"))
    #expect(before == (try directory.read("run/timesteps.csv")))
    let next = try program.run(command(path, into: "run"))
    #expect(next.status == 0)
    #expect(next.errors.contains("0 of 150 trials left"))
  }

  @Test func ordersOfExecutionGiveTheSameBytes() throws {
    let path = try specification("hidden_size: 8\nsequence_length: 9\nspectral_radius: [0.5, 1]\nseeds: 5")
    #expect(try program.run(command(path, into: "shuffled")).status == 0)
    #expect(try program.run(command(path, into: "grid", ["--order", "grid", "--jobs", "1"])).status == 0)
    #expect(try isSame("shuffled", "grid"))
    func executed(_ run: String) throws -> [String] {
      try DatabaseQueue(path: directory.file(run + "/trials.sqlite")).read {
        try String.fetchAll($0, sql: "SELECT id FROM trials ORDER BY rowid")
      }
    }
    let inGrid = try directory.read("grid/trials.csv").split(separator: "\n").dropFirst().map {
      String($0.prefix(12))
    }
    #expect(try executed("grid") == inGrid)
    #expect(try executed("shuffled") != inGrid)
  }
}
