import Foundation
import GRDB
import TestSupport
import Testing

/// Disks that are full or cannot be written, damaged stores, two writers, too little memory.
@Suite("Limits of a run") struct RunLimitsTests: SweepSuite {
  let program: BuiltProgram
  let directory: TemporaryDirectory

  init() throws {
    program = try BuiltProgram()
    directory = try TemporaryDirectory()
  }

  @Test func aSecondWriterIsRefusedAndToldOfTheFirst() throws {
    let path = try specification("cells: lstm\nhidden_size: 64\nsequence_length: 200\nseeds: 4000")
    let first = try program.start(command(path, ["--jobs", "1"]))
    #expect(first.waits { first.errors.contains("/4000 trials") })
    let second = try program.run(command(path))
    #expect(second.status == 75)
    #expect(second.errors.contains("run: in use by process \(first.processIdentifier) on"))
    #expect(second.errors.contains("gradflow sweep"))
    // Readers are no writers.
    #expect(try program.run(["compare", directory.file("run")]).status == 0)
    #expect(try program.run(["status", directory.file("run")]).output.contains("running as process"))
    #expect(first.isRunning)
    first.send(SIGINT)
    #expect(try first.wait().status == 130)
  }

  /// Starts a shell that may mount file systems, in a name space of its own.
  private static let mounting = ["/usr/bin/unshare", "-rm"]

  private static let canMount =
    (try? Shell.run("mount -t tmpfs -o size=1m none /mnt", through: mounting))?.status == 0

  @Test(.enabled(if: canMount, "name spaces are not allowed here"))
  func aFullDiskEndsWithAMessageAndFreedSpaceLetsItGoOn() throws {
    let path = try specification(
      "hidden_size: 48\nsequence_length: 60\nspectral_radius: [0.5, 1]\nseeds: 200")
    #expect(try program.run(command(path, into: "whole")).status == 0)
    try FileManager.default.createDirectory(atPath: directory.file("disk"), withIntermediateDirectories: true)
    // A ballast takes the space as soon as the first trial is stored; then it is removed.
    let script = """
      cd "$1"; mount -t tmpfs -o size=60m none disk
      "$0" sweep s.yaml --no-figures --jobs 1 -o disk/run 2> full.txt &
      until "$0" status disk/run 2>&1 | grep -q '[1-9][0-9]* of 800'; do sleep 0.01; done
      head -c 100m /dev/zero > disk/ballast 2> /dev/null
      wait $!; echo "full $?" >> full.txt
      "$0" status disk/run >> full.txt 2>&1
      rm disk/ballast
      "$0" sweep s.yaml --no-figures -o disk/run 2> freed.txt; echo "freed $?" >> freed.txt
      mkdir copy; cp disk/run/*.csv copy/
      head -c 100m /dev/zero > disk/ballast 2> /dev/null
      "$0" sweep s.yaml --no-figures -o disk/run 2>> freed.txt; echo "again $?" >> freed.txt
      """
    #expect(try Shell.run(script, [program.path, directory.path], through: Self.mounting).status == 0)
    let full = try directory.read("full.txt")
    #expect(full.contains("full 73"), "\(full)")
    #expect(
      full.contains("the disk is full; free some space, then run the same command to continue"), "\(full)")
    #expect(full.contains(/[1-9][0-9]* of 800 trials done, .*not running/.dotMatchesNewlines()), "\(full)")
    let freed = try directory.read("freed.txt")
    #expect(freed.contains("freed 0"), "\(freed)")
    // All is done: only the CSVs cannot be written once more, and the results are not counted again before that.
    #expect(freed.contains("again 73"), "\(freed)")
    #expect(try isSame("whole", "copy"))
  }

  // Less room than a model takes, and more than a row of the store.
  @Test(.enabled(if: canMount, "name spaces are not allowed here"))
  func aTrainingThatCannotWriteItsModelFailsNoTrialAndKeepsItsCheckpoint() throws {
    let path = try specification(
      """
      task: {kind: adding}
      cells: lstm
      hidden_size: 96
      batch_size: 2
      sequence_length: 5
      optimizer: adam
      iterations: 12000
      stop_at_success: false
      evaluation_size: 100
      evaluate_every: 1000
      record_every: 500
      diagnose_every: 0
      seeds: 1
      """)
    #expect(try program.run(["train"] + command(path, into: "whole").dropFirst()).status == 0)
    try FileManager.default.createDirectory(atPath: directory.file("disk"), withIntermediateDirectories: true)
    let script = """
      cd "$1"; mount -t tmpfs -o size=3m none disk
      # A signal before the first update leaves no checkpoint: later, then.
      for pause in 0.05 0.1 0.2 0.4 0.8; do
        rm -f disk/run/progress.json
        "$0" train s.yaml --no-figures -o disk/run 2> begun.txt & begun=$!
        while [ ! -s disk/run/progress.json ]; do sleep 0.01; done
        sleep $pause; kill -TERM $begun; wait $begun; echo "begun $?" >> begun.txt
        if [ -n "$(ls disk/run/checkpoints)" ]; then break; fi
      done
      echo "kept $(ls disk/run/checkpoints | wc -l)" >> begun.txt
      rm disk/run/progress.json
      "$0" train s.yaml --no-figures -o disk/run 2> full.txt &
      while [ ! -s disk/run/progress.json ]; do sleep 0.01; done
      free=$(df --output=avail -k disk | tail -n 1)
      head -c $(((free - 120) * 1024)) /dev/zero > disk/ballast
      wait $!; echo "full $?" >> full.txt
      echo "kept $(ls disk/run/checkpoints | wc -l)" >> full.txt
      "$0" status disk/run >> full.txt 2>&1
      rm disk/ballast
      "$0" train s.yaml --no-figures -o disk/run 2> freed.txt; echo "freed $?" >> freed.txt
      mkdir copy; cp disk/run/*.csv disk/run/models/* copy/
      """
    #expect(try Shell.run(script, [program.path, directory.path], through: Self.mounting).status == 0)
    let begun = try directory.read("begun.txt")
    #expect(begun.contains("begun 130") && begun.contains("kept 1"), "\(begun)")
    let full = try directory.read("full.txt")
    #expect(full.contains("full 73") && full.contains("kept 1"), "\(full)")
    #expect(
      full.contains("No space left on device); free some space, then run the same command to continue"),
      "\(full)")
    #expect(full.contains("0 of 1 trials done, 1 left"), "\(full)")
    let freed = try directory.read("freed.txt")
    #expect(freed.contains("freed 0"), "\(freed)")
    #expect(try isSame("whole", "copy"))
    #expect(try directory.read("whole/training.csv") == directory.read("copy/training.csv"))
    for model in try directory.names("whole/models") {
      let same = FileManager.default.contentsEqual(
        atPath: directory.file("whole/models/" + model), andPath: directory.file("copy/" + model))
      #expect(same, "\(model)")
    }
  }

  @Test func aLimitOnTheSizeOfFilesIsNoBadData() throws {
    let path = try specification("hidden_size: 8\nsequence_length: 20\nseeds: 6")
    #expect(try program.run(command(path, into: "whole")).status == 0)
    let script = "ulimit -f 16; exec \"$0\" \"$@\""
    let limited = try Shell.run(script, [program.path] + command(path))
    #expect(limited.status == 73)
    #expect(
      limited.errors.contains("(ulimit -f), then run the same command to continue"), "\(limited.errors)")
    #expect(!limited.errors.contains("SQL"))
    let again = try program.run(command(path))
    #expect(again.status == 0, "\(again.errors)")
    #expect(try isSame("whole", "run"))
  }

  @Test(.enabled(if: canMount, "name spaces are not allowed here"))
  func resultsThatWouldNotFitOnTheDiskAreRefusedBeforeAnythingRuns() throws {
    _ = try specification("hidden_size: 4\nsequence_length: 1000\nseeds: 40")
    try FileManager.default.createDirectory(atPath: directory.file("disk"), withIntermediateDirectories: true)
    let script = """
      cd "$1"; mount -t tmpfs -o size=1m none disk
      "$0" sweep s.yaml --no-figures -o disk/run 2>&1; echo "refused $?"; ls disk
      """
    let said = try Shell.run(script, [program.path, directory.path], through: Self.mounting).output
    #expect(said.contains("the results of 80 trials: about "), "\(said)")
    #expect(
      said.hasSuffix(
        "free some space, use fewer trials or shorter sequences, or another directory with -o\nrefused 73\n"))
  }

  @Test(.enabled(if: canMount, "name spaces are not allowed here"))
  func aReadOnlyDirectoryIsNamedAndCanStillBeRead() throws {
    let path = try specification("hidden_size: 8\nsequence_length: 9\nseeds: 3")
    #expect(try program.run(command(path)).status == 0)
    // A killed one too: its log cannot be folded in there.
    try FileManager.default.copyItem(atPath: directory.file("run"), toPath: directory.file("killed"))
    let running = try program.start(command(path, into: "killed", ["seeds=20000", "-q"]))
    _ = running.waits { FileManager.default.fileExists(atPath: directory.file("killed/trials.sqlite-wal")) }
    usleep(100_000)
    running.send(SIGKILL)
    _ = try running.wait()
    let script = """
      cd "$1"; mount --bind "$1" "$1"; mount -o remount,ro,bind "$1"; cd "$1"
      "$0" sweep s.yaml --no-figures -o run 2>&1; echo "sweep $?"
      "$0" sweep s.yaml --no-figures -o new 2>&1; echo "new $?"
      "$0" compare run > /dev/null 2>&1; echo "compare $?"
      "$0" status run > /dev/null 2>&1; echo "status $?"
      "$0" status killed 2>&1; echo "killed $?"
      """
    let said = try Shell.run(script, [program.path, directory.path], through: Self.mounting).output
    for line in ["sweep 73", "new 73", "compare 0", "status 0", "killed 0"] {
      #expect(said.contains(line + "\n"), "\(line) in \(said)")
    }
    #expect(said.contains("run: cannot write: Read-only file system"))
  }

  @Test func aCutOffStoreIsFoundAtOnceAndRepaired() throws {
    let path = try specification("hidden_size: 24\nsequence_length: 30\nspectral_radius: [0.5, 1]\nseeds: 30")
    #expect(try program.run(command(path, into: "whole")).status == 0)
    #expect(try program.run(command(path)).status == 0)
    let store = directory.file("run/trials.sqlite")
    let bytes = try Data(contentsOf: URL(fileURLWithPath: store))
    try bytes.prefix(bytes.count * 2 / 3).write(to: URL(fileURLWithPath: store))
    let refused = try program.run(command(path))
    #expect(refused.status == 65)
    #expect(refused.errors.contains("trials.sqlite: damaged"))
    #expect(refused.errors.contains("gradflow repair"))
    let repaired = try program.run(["repair", directory.file("run")])
    #expect(repaired.status == 0, "\(repaired.errors)")
    let saved = Int(try #require(repaired.errors.firstMatch(of: /^([0-9]+) of 120 trials saved/)).1) ?? 0
    #expect((20..<120).contains(saved))
    let last = try program.run(command(path))
    #expect(last.status == 0, "\(last.errors)")
    #expect(last.errors.contains("\(120 - saved) of 120 trials left"))
    #expect(try isSame("whole", "run"))
    #expect(FileManager.default.fileExists(atPath: store + ".damaged"))
  }

  @Test func overwrittenPagesAreSurvivedByAllOtherTrials() throws {
    let path = try specification("hidden_size: 24\nsequence_length: 30\nseeds: 40")
    #expect(try program.run(command(path, into: "whole")).status == 0)
    #expect(try program.run(command(path)).status == 0)
    let store = URL(fileURLWithPath: directory.file("run/trials.sqlite"))
    var bytes = try Data(contentsOf: store)
    var random = SeededGenerator(seed: 5)
    for _ in 0..<6 {
      let page = Int.random(in: 4..<bytes.count / 4096, using: &random) * 4096
      for k in page..<page + 4096 { bytes[k] = UInt8.random(in: 0...255, using: &random) }
    }
    try bytes.write(to: store)
    let repaired = try program.run(["repair", directory.file("run")])
    #expect(repaired.status == 0, "\(repaired.errors)")
    let last = try program.run(command(path))
    #expect(last.status == 0, "\(last.errors)")
    #expect(try isSame("whole", "run"))
  }

  @Test func bytesThatAreNoStoreAreRefusedAndReplaced() throws {
    let path = try specification("hidden_size: 4\nsequence_length: 3\nseeds: 2")
    #expect(try program.run(command(path)).status == 0)
    _ = try directory.write(String(repeating: "junk ", count: 500), to: "run/trials.sqlite")
    let refused = try program.run(command(path))
    #expect(refused.status == 65)
    #expect(refused.errors.contains("not a database"))
    #expect(try program.run(["repair", directory.file("run")]).errors.contains("0 of 4 trials saved"))
    #expect(try program.run(command(path)).status == 0)
  }

  @Test func aStoreWithoutTablesHasNoTrials() throws {
    let path = try specification("hidden_size: 4\nsequence_length: 3\nseeds: 2")
    #expect(try program.run(command(path)).status == 0)
    try Data().write(to: URL(fileURLWithPath: directory.file("run/trials.sqlite")))
    #expect(try program.run(["status", directory.file("run")]).output.contains("0 of 4 trials done"))
    for command in ["compare", "plot"] {
      let outcome = try program.run([command, directory.file("run")])
      #expect(!outcome.errors.contains("SQLite"), "\(command): \(outcome.errors)")
    }
    #expect(try program.run(command(path)).status == 0)
  }

  @Test func aStoreOfANewerProgramIsRefusedAndUntouched() throws {
    let path = try specification("hidden_size: 4\nsequence_length: 3\nseeds: 2")
    #expect(try program.run(command(path)).status == 0)
    let store = directory.file("run/trials.sqlite")
    try DatabaseQueue(path: store).write { try $0.execute(sql: "PRAGMA user_version = 999") }
    let before = try Data(contentsOf: URL(fileURLWithPath: store))
    let refused = try program.run(command(path, ["seeds=3"]))
    #expect(refused.status == 65)
    #expect(refused.errors.contains("schema version 999, but this program reads only up to 6"))
    #expect(before == (try Data(contentsOf: URL(fileURLWithPath: store))))
  }

  /// What the first release lacks.
  private static let downgrade =
    [
      "updates", "solved_at", "test_loss", "test_error", "chance_loss", "diverged_iteration", "diverged_kind",
      "training_rows", "training_columns", "training_values", "profile_rows", "profile_columns",
      "profile_values",
      "lyapunov_rate", "forget_path_rate", "seconds", "session", "checksum",
    ].map { "ALTER TABLE trials DROP COLUMN \($0);" }.joined()
    + "DROP TABLE sessions; DROP TABLE grdb_migrations; PRAGMA user_version = 1;"

  @Test func aStoreOfTheFirstReleaseIsContinued() throws {
    let path = try specification("hidden_size: 4\nsequence_length: 3\nseeds: 2\ncells: [rnn, lstm]")
    #expect(try program.run(command(path)).status == 0)
    #expect(try program.run(command(path, into: "whole", ["seeds=3"])).status == 0)
    // Its rows had no checksums, and keep none.
    try DatabaseQueue(path: directory.file("run/trials.sqlite")).write { try $0.execute(sql: Self.downgrade) }
    #expect(try program.run(["compare", directory.file("run")]).status == 0)
    let grown = try program.run(command(path, ["seeds=3"]))
    #expect(grown.status == 0, "\(grown.errors)")
    #expect(grown.errors.contains("2 of 6 trials left"))
    // What was stored then has no rates; everything else is the same.
    let rates = ["lyapunov_rate", "forget_path_rate", "residual_lyapunov", "residual_forget_path"]
    let (old, new) = (try rows("run"), try rows("whole"))
    #expect(old.count == 6 && old.map { $0["trial"] } == new.map { $0["trial"] })
    for (a, b) in zip(old, new) {
      #expect(a.filter { !rates.contains($0.key) } == b.filter { !rates.contains($0.key) })
      #expect(a["lyapunov_rate"] == (a["seed"] == "2" ? b["lyapunov_rate"] : ""))
      #expect(b["lyapunov_rate"]?.isEmpty == false)
    }
    let repro = try program.run(["repro", directory.file("run"), old[0]["trial"] ?? ""])
    #expect(repro.status == 0, "\(repro.errors)")
  }

  /// `trials.csv` by column.
  private func rows(_ run: String) throws -> [[String: String]] {
    let lines = try directory.read("\(run)/trials.csv").split(separator: "\n")
    let names = lines[0].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    return lines.dropFirst().map { line in
      let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      return Dictionary(uniqueKeysWithValues: zip(names, fields))
    }
  }

  @Test func memoryBeyondTheLimitIsRefusedBeforeAnythingIsWritten() throws {
    let path = try specification("cells: lstm\nhidden_size: 128\nsequence_length: 40000\nseeds: 4")
    let refused = try program.run(command(path, ["--memory-limit", "200MB"]))
    #expect(refused.status == 78)
    #expect(refused.errors.contains("the largest trial (lstm, hidden_size 128"))
    #expect(refused.errors.contains("200 MB of memory"))
    #expect(!FileManager.default.fileExists(atPath: directory.file("run")))
    for limit in ["none", "-1GB", "4 parsecs", "0", "1e25", "1e300TB", "0.1"] {
      #expect(try program.run(command(path, ["--memory-limit=\(limit)"])).status == 64)
    }
  }

  @Test func aMemoryLimitLetsFewerTrialsRunAtATimeAndIsKept() throws {
    let path = try specification(
      "cells: lstm\nhidden_size: 128\nbatch_size: 8\nsequence_length: 8000\nseeds: 3")
    let plan = try program.run(command(path, ["--memory-limit", "600MB", "--jobs", "8", "--dry-run"]))
    let atOnce = Int(try #require(plan.output.firstMatch(of: /largest trials ([0-9]) at a time/)).1) ?? 0
    #expect((1...3).contains(atOnce))
    let running = try program.start(command(path, ["--memory-limit", "600MB", "--jobs", "8"]))
    var peak = 0
    while running.isRunning {
      let status =
        (try? String(contentsOfFile: "/proc/\(running.processIdentifier)/status", encoding: .utf8)) ?? ""
      if let match = status.firstMatch(of: /VmHWM:\s+([0-9]+) kB/) { peak = max(peak, Int(match.1) ?? 0) }
      usleep(20_000)
    }
    let outcome = try running.wait()
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect((1..<600_000).contains(peak), "peak \(peak) kB")
  }

  @Test(.timeLimit(.minutes(3)))
  func memoryDoesNotGrowWithTheNumberOfTrials() throws {
    let path = try specification(
      "cells: rnn\nhidden_size: 4\nbatch_size: 1\nsequence_length: 20\nseeds: 240\n"
        + "input_scale: {from: 0.01, to: 1, step: 0.01}")
    let running = try program.start(command(path, ["--shard", "1/1"]))
    var sizes: [Int] = []
    while running.isRunning {
      let status =
        (try? String(contentsOfFile: "/proc/\(running.processIdentifier)/status", encoding: .utf8)) ?? ""
      if let size = status.firstMatch(of: /VmRSS:\s+([0-9]+) kB/) { sizes.append(Int(size.1) ?? 0) }
      usleep(20_000)
    }
    #expect(try running.wait().status == 0)
    try #require(sizes.count > 20)
    // The grid itself, and what trials share, are there after the first quarter.
    let early = try #require(sizes[sizes.count / 4..<sizes.count / 2].max())
    let late = try #require(sizes[(sizes.count * 3 / 4)...].max())
    #expect(late - early < 15_000, "from \(early) to \(late) kB")
  }
}
