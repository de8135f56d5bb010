import Foundation
import GradientFlow
import TestSupport
import Testing

/// Half-written files and copies are gone when the program has ended, or when the next one has been there; what is
/// somebody else's stays.
@Suite("Nothing is left lying about") struct LeftoverTests: SweepSuite {
  let program: BuiltProgram
  let directory: TemporaryDirectory

  init() throws {
    program = try BuiltProgram()
    directory = try TemporaryDirectory()
  }

  private func leftovers(_ folder: String) -> [String] {
    let names = FileManager.default.enumerator(atPath: directory.file(folder))?.allObjects as? [String] ?? []
    return names.filter { $0.hasSuffix(".tmp") }
  }

  private func training() throws -> [String] {
    let path = try directory.write(
      """
      name: t
      task: {kind: adding}
      cells: rnn
      hidden_size: 6
      batch_size: 2
      sequence_length: 60
      iterations: 300
      evaluation_size: 100
      record_every: 1
      diagnose_every: 1
      seeds: 6

      """, to: "t.yaml")
    return ["train", path, "-q", "-o", directory.file("run")]
  }

  @Test func interruptedCommandsLeaveNothingHalfWritten() throws {
    let arguments = try training()
    #expect(try program.run(arguments + ["--no-figures"]).status == 0)
    var random = SeededGenerator(seed: 5)
    for signal in [SIGTERM, SIGINT, SIGHUP, SIGTERM] {
      for name in ["trials.csv", "training.csv"] {
        try? FileManager.default.removeItem(atPath: directory.file("run/" + name))
      }
      let running = try program.start(arguments)
      // While tables are written, or figures drawn.
      _ = running.waits { !leftovers("run").isEmpty }
      usleep(UInt32.random(in: 0..<400_000, using: &random))
      running.send(signal)
      let status = try running.wait().status
      #expect([0, 130].contains(status))
      #expect(leftovers("run") == [])
    }
  }

  @Test func theNextCommandRemovesWhatAKilledOneLeft() throws {
    let arguments = try training()
    #expect(try program.run(arguments).status == 0)
    // A kill may come when the file is already whole.
    for _ in 0..<20 where leftovers("run").isEmpty {
      try? FileManager.default.removeItem(atPath: directory.file("run/training_timesteps.csv"))
      let killed = try program.start(arguments)
      _ = killed.waits { !leftovers("run").isEmpty }
      killed.send(SIGKILL)
      _ = try killed.wait()
    }
    try #require(!leftovers("run").isEmpty)
    // In the other folders of a run as well, and those of version 0.1.0, but nothing that is somebody's own.
    let name = try #require(leftovers("run").first)
    for folder in ["figures", "models"] {
      try FileManager.default.copyItem(
        atPath: directory.file("run/" + name),
        toPath: directory.file("run/\(folder)/\(PathName.last(of: name))"))
    }
    for own in ["trials.csv.mine.tmp", "notes.tmp", "figures/.gradflow-mine.tmp"] {
      _ = try directory.write("mine", to: "run/" + own)
    }
    _ = try directory.write("half", to: "run/trials.csv.4711.tmp")
    #expect(try program.run(arguments + ["--no-figures"]).status == 0)
    #expect(leftovers("run").sorted() == ["figures/.gradflow-mine.tmp", "notes.tmp", "trials.csv.mine.tmp"])
    // plot looks after its folder alone.
    let again = try program.run([
      "plot", directory.file("run"), "-o", directory.file("figures"), "--figure", "loss",
    ])
    #expect(again.status == 0 && leftovers("figures") == [])
  }

  @Test func checkpointsOfStoredTrialsGoAndOthersStay() throws {
    let arguments = try training() + ["--no-figures"]
    #expect(try program.run(arguments).status == 0)
    let stored = try #require(CSVRows(directory.read("run/trials.csv"))["trial"].first)
    try FileManager.default.createDirectory(
      atPath: directory.file("run/checkpoints"), withIntermediateDirectories: true)
    for name in [stored, "0123456789ab"] {
      _ = try directory.write("where it rested", to: "run/checkpoints/\(name).safetensors")
    }
    #expect(try program.run(arguments).status == 0)
    #expect(FolderListing.names(directory.file("run/checkpoints")) == ["0123456789ab.safetensors"])
  }

  // MARK: - Copies of stores

  /// Ends a sweep so that its log stays, and everyone who reads it needs a copy.
  private func openRun() throws {
    let path = try specification("cells: lstm\nhidden_size: 32\nsequence_length: 200\nseeds: 3000")
    let running = try program.start(command(path, ["--jobs", "1"]))
    #expect(running.waits { running.errors.contains("/3000 trials") })
    running.send(SIGKILL)
    _ = try running.wait()
  }

  @Test func onlyCopiesOfEndedProcessesAreRemoved() throws {
    try openRun()
    let place = directory.file("tmp")
    func status() throws {
      let outcome = try program.run(["status", directory.file("run")], environment: ["TMPDIR": place])
      #expect(outcome.status == 0, "\(outcome.errors)")
    }
    // Folders of others that are called alike, old enough for any rule of age.
    let own = ["gradflow-copy-of-my-results", "gradflow-copy-0D8A3B0C-6E5E-4C0B-9A51-0F8C7C0D0E11"]
    for name in own {
      try FileManager.default.createDirectory(atPath: place + "/" + name, withIntermediateDirectories: true)
      _ = try directory.write("precious", to: "tmp/\(name)/thesis.csv")
      _ = try directory.write("precious", to: "tmp/\(name)/trials.sqlite")
    }
    try status()
    #expect(FolderListing.names(place) == own.sorted())

    // A copy whose maker is killed stays until the next one, with what else someone put there.
    let reader = try program.start(
      ["compare", directory.file("run")], environment: ["TMPDIR": place, "PATH": directory.path])
    let hasCopied = reader.waits { FolderListing.names(place)?.count == 3 }
    reader.send(SIGKILL)
    _ = try reader.wait()
    guard hasCopied, let left = FolderListing.names(place)?.first(where: { !own.contains($0) }) else {
      return
    }
    let copied = FolderListing.names(place + "/" + left) ?? []
    _ = try directory.write("precious", to: "tmp/\(left)/thesis.csv")
    try status()
    let rest = FolderListing.names(place + "/" + left) ?? []
    #expect(rest.contains("thesis.csv") && !rest.contains("trials.sqlite"), "\(copied) \(rest)")
    for name in own { #expect(try directory.read("tmp/\(name)/trials.sqlite") == "precious") }
  }

  /// A name and a marker of an ended process, but held by someone; and a folder that is a link.
  @Test func aCopyThatIsHeldStays() throws {
    try openRun()
    let place = directory.file("tmp")
    #expect(mkdir(place, 0o700) == 0)
    let ended = Process()
    ended.executableURL = URL(fileURLWithPath: "/bin/true")
    try ended.run()
    ended.waitUntilExit()
    let staged = try StagedFile(for: directory.file("any"))
    let parts = PathName.last(of: staged.path).dropFirst(10).dropLast(4).split(separator: "-")
    let name = "\(parts[0])-\(ended.processIdentifier)-\(parts[2])-\(parts[3])"
    let folder = "gradflow-copy-" + name
    #expect(mkdir(place + "/" + folder, 0o700) == 0)
    _ = try directory.write(name, to: "tmp/\(folder)/.maker")
    _ = try directory.write("copy", to: "tmp/\(folder)/trials.sqlite")
    let held = open(place + "/" + folder + "/.maker", O_RDONLY)
    #expect(flock(held, LOCK_EX) == 0)
    func status() throws {
      #expect(try program.run(["status", directory.file("run")], environment: ["TMPDIR": place]).status == 0)
    }
    try status()
    #expect(try directory.read("tmp/\(folder)/trials.sqlite") == "copy")
    close(held)
    // Another text in the marker is another folder's.
    _ = try directory.write("x" + name, to: "tmp/\(folder)/.maker")
    try status()
    #expect(try directory.read("tmp/\(folder)/trials.sqlite") == "copy")
    _ = try directory.write(name, to: "tmp/\(folder)/.maker")
    try status()
    #expect(FolderListing.names(place) == [])
  }
}
