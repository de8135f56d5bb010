import Foundation
import GRDB
import TestSupport
import Testing

@Suite("Shards") struct ShardTests: SweepSuite {
  let program: BuiltProgram
  let directory: TemporaryDirectory

  init() throws {
    program = try BuiltProgram()
    directory = try TemporaryDirectory()
  }

  private static let lines = """
    name: s
    cells: [rnn, lstm]
    hidden_size: [8, 40]
    batch_size: 4
    sequence_length: [5, 40]
    spectral_radius: [0.5, 1.5]
    clip: [none, {global-norm: 1}]
    seeds: 6
    """

  private func sweep(
    _ run: String, _ more: [String] = [], lines: String = lines
  ) throws -> BuiltProgram.Outcome {
    let path = try directory.write(lines + "\n", to: "\(run).yaml")
    return try program.run(["sweep", path, "--no-figures", "-o", directory.file(run)] + more)
  }

  private func merge(_ run: String) throws -> BuiltProgram.Outcome {
    try program.run(["merge", directory.file(run), "--no-figures"])
  }

  private func write(_ sql: String, _ store: String) throws {
    try DatabaseQueue(path: directory.file(store)).write { try $0.execute(sql: sql) }
  }

  @Test(arguments: [1, 2, 7])
  func anyNumberInAnyOrderGivesTheBytesOfOneRun(_ count: Int) throws {
    #expect(try sweep("whole").status == 0)
    var random = SeededGenerator(seed: UInt64(count))
    let path = try directory.write(Self.lines + "\n", to: "parts.yaml")
    for index in Array(1...count).shuffled(using: &random) {
      let arguments = [
        "sweep", path, "-o", directory.file("parts"), "--shard", "\(index)/\(count)", "--jobs",
        "\(Int.random(in: 1...3, using: &random))",
      ]
      // Each is killed on its way, and goes on.
      let killed = try program.start(arguments)
      usleep(UInt32.random(in: 20_000..<120_000, using: &random))
      killed.send(SIGKILL)
      _ = try killed.wait()
      let outcome = try program.run(arguments)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.errors.contains("gradflow merge"))
    }
    let merged = try merge("parts")
    #expect(merged.status == 0, "\(merged.errors)")
    #expect(try isSame("whole", "parts"))
    let again = try merge("parts")
    #expect(again.status == 0)
    #expect(again.errors.contains(", 0 new"))
    #expect(try isSame("whole", "parts"))
  }

  @Test func theDirectoryOfAShardMeansThatShard() throws {
    #expect(try sweep("run", ["--shard", "1/2"]).status == 0)
    let shard = directory.file("run/shards/1-of-2")
    let again = try program.run(["sweep", shard])
    #expect(again.status == 0, "\(again.errors)")
    #expect(again.errors.contains("0 of 96 trials left"))
    #expect(!FileManager.default.fileExists(atPath: shard + "/trials.csv"))
    #expect(try program.run(["sweep", shard, "--shard", "2/2"]).status == 64)
    #expect(try program.run(["status", shard]).output.contains("96 of 96 trials done"))
  }

  @Test func shardsShareTheEstimatedTimeEvenly() throws {
    #expect(try sweep("balance", ["--shard", "1/3", "--dry-run"]).status == 0)
    var counts: [Int] = []
    for index in 1...3 {
      let text = try sweep("balance", ["--shard", "\(index)/3", "--dry-run"]).output
      counts.append(Int(try #require(text.firstMatch(of: /with ([0-9]+) trials/)).1) ?? 0)
    }
    #expect(counts.reduce(0, +) == 192)
    #expect((counts.max() ?? 0) - (counts.min() ?? 0) < 20)
  }

  @Test func whatIsMissingIsNamedWithTheCommandThatRunsIt() throws {
    for index in [1, 3] { #expect(try sweep("run", ["--shard", "\(index)/3"]).status == 0) }
    let partial = try merge("run")
    #expect(partial.status == 75)
    #expect(partial.errors.contains(/6[0-9] of 192 trials are missing/))
    // A failure elsewhere does not hide it.
    #expect(
      try program.run(["merge", directory.file("run"), "-q"], environment: ["PATH": directory.path]).status
        == 75)
    #expect(partial.errors.contains("--shard 2/3"))
    let rows = try directory.read("run/trials.csv").split(separator: "\n").count - 1
    #expect((100..<192).contains(rows))
    // Either the shard, or simply everything that is left.
    let rest = try sweep("run")
    #expect(rest.status == 0, "\(rest.errors)")
    #expect(try sweep("whole").status == 0)
    #expect(try isSame("whole", "run"))
  }

  @Test func mergingAShardNamesTheRun() throws {
    #expect(try sweep("run", ["--shard", "1/3"]).status == 0)
    for place in ["run/shards/1-of-3", "run/shards/1-of-3/", "run/shards/./1-of-3"] {
      let refused = try program.run(["merge", directory.file(place), "--no-figures"])
      #expect(refused.status == 64)
      #expect(refused.errors.contains("the directory of shard "))
      #expect(refused.errors.hasSuffix(": gradflow merge \(directory.file("run"))\n"), "\(refused.errors)")
    }
    #expect(!FileManager.default.fileExists(atPath: directory.file("run/shards/1-of-3/trials.csv")))
    // From inside as well.
    let inside = try program.run(["merge", "."], in: directory.file("run/shards/1-of-3"))
    #expect(inside.status == 64 && inside.errors.contains("shard 1/3"))
  }

  @Test func aRunWhoseShardsKnowMoreIsNotRunAgain() throws {
    #expect(try sweep("run", ["--shard", "1/2"]).status == 0)
    let whole = try sweep("run")
    #expect(whole.status == 75)
    #expect(whole.errors.contains("gradflow merge"))
  }

  @Test func anotherDivisionAndAddedSeedsRunOnlyWhatIsNew() throws {
    let few = Self.lines.replacingOccurrences(of: "seeds: 6", with: "seeds: 4")
    for index in 1...2 { #expect(try sweep("run", ["--shard", "\(index)/2"], lines: few).status == 0) }
    // Merged or not, what shards have is known.
    for index in 1...3 { #expect(try sweep("run", ["--shard", "\(index)/3"]).status == 0) }
    let merged = try merge("run")
    #expect(merged.status == 0, "\(merged.errors)")
    #expect(!merged.errors.contains("twice"))
    #expect(try sweep("whole").status == 0)
    #expect(try isSame("whole", "run"))
  }

  @Test func aTrialThatIsThereTwiceMustBeTheSame() throws {
    for index in 1...2 { #expect(try sweep("run", ["--shard", "\(index)/2"]).status == 0) }
    // A shard of another division on another machine: it knows nothing of the first two.
    #expect(try sweep("elsewhere", ["--shard", "1/5"]).status == 0)
    try FileManager.default.moveItem(
      atPath: directory.file("elsewhere/shards/1-of-5"), toPath: directory.file("run/shards/1-of-5"))
    let merged = try merge("run")
    #expect(merged.status == 0, "\(merged.errors)")
    #expect(merged.errors.contains("trials were found more than once, with the same result"))
    #expect(try sweep("whole").status == 0)
    #expect(try isSame("whole", "run"))

    try write(
      "UPDATE trials SET loss = loss + 1, checksum = NULL, seconds = NULL, session = NULL",
      "run/shards/1-of-5/trials.sqlite")
    let before = try directory.read("run/trials.csv")
    let refused = try merge("run")
    #expect(refused.status == 65)
    #expect(refused.errors.contains("1-of-5/trials.sqlite: cannot be merged"))
    #expect(refused.errors.contains("differs from the one in"))
    #expect(before == (try directory.read("run/trials.csv")))
  }

  @Test func anotherSpecificationOrSchemaIsRefused() throws {
    #expect(try sweep("run", ["--shard", "1/2"]).status == 0)
    let other = Self.lines.replacingOccurrences(of: "batch_size: 4", with: "batch_size: 5")
    #expect(try sweep("other", ["--shard", "2/2"], lines: other).status == 0)
    let shard = directory.file("run/shards/2-of-2")
    try FileManager.default.copyItem(atPath: directory.file("other/shards/2-of-2"), toPath: shard)
    let refused = try merge("run")
    #expect(refused.status == 65)
    #expect(refused.errors.contains("batch_size"))
    #expect(!FileManager.default.fileExists(atPath: directory.file("run/trials.sqlite")))

    try FileManager.default.removeItem(atPath: shard)
    #expect(try sweep("run", ["--shard", "2/2"]).status == 0)
    try write("PRAGMA user_version = 999", "run/shards/2-of-2/trials.sqlite")
    let newer = try merge("run")
    #expect(newer.status == 65)
    #expect(newer.errors.contains("schema version 999"))
    // Trials that the specification does not have.
    try write("PRAGMA user_version = 2; UPDATE trials SET id = 'x' || id", "run/shards/2-of-2/trials.sqlite")
    let foreign = try merge("run")
    #expect(foreign.status == 65)
    #expect(foreign.errors.contains("does not belong to the run's specification"))
  }

  @Test func damageInAShardIsFoundByItsChecksum() throws {
    for index in 1...2 { #expect(try sweep("run", ["--shard", "\(index)/2"]).status == 0) }
    try write("UPDATE trials SET loss = loss + 1 WHERE rowid = 5", "run/shards/2-of-2/trials.sqlite")
    let refused = try merge("run")
    #expect(refused.status == 65)
    #expect(refused.errors.contains("its checksum differs"))
    let repaired = try program.run(["repair", directory.file("run/shards/2-of-2")])
    #expect(repaired.status == 0, "\(repaired.errors)")
    #expect(try sweep("run", ["--shard", "2/2"]).status == 0)
    let merged = try merge("run")
    #expect(merged.status == 0, "\(merged.errors)")
    #expect(try sweep("whole").status == 0)
    #expect(try isSame("whole", "run"))
  }

  @Test func aShardBeingRunCanBeMergedAndIsShown() throws {
    let path = try directory.write(
      "name: l\ncells: lstm\nhidden_size: 64\nsequence_length: 100\nseeds: 20000\n", to: "l.yaml")
    let running = try program.start(
      ["sweep", path, "-o", directory.file("run"), "--shard", "1/2", "--jobs", "1"])
    let progress = directory.file("run/shards/1-of-2/progress.json")
    #expect(
      running.waits {
        ((try? String(contentsOfFile: progress, encoding: .utf8)) ?? "").contains("\"done\" : 0") == false
          && FileManager.default.fileExists(atPath: progress)
      })
    let status = try program.run(["status", directory.file("run")])
    #expect(status.output.contains("running as process \(running.processIdentifier) on"))
    let merged = try merge("run")
    #expect(merged.status == 75, "\(merged.errors)")
    #expect(merged.errors.contains(/shard 1\/2: [1-9][0-9]* trials, [1-9][0-9]* new/))
    #expect(running.isRunning)
    running.send(SIGTERM)
    let outcome = try running.wait()
    #expect(outcome.status == 75)
    #expect(outcome.errors.contains("of shard 1/2 are stored"))
  }
}
