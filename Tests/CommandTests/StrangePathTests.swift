import Foundation
import GRDB
import GradientFlow
import TestSupport
import Testing

@Suite("Paths are taken as they are") struct StrangePathTests {
  private let program: BuiltProgram
  private let directory: TemporaryDirectory

  init() throws {
    program = try BuiltProgram()
    directory = try TemporaryDirectory()
  }

  private func specification(_ name: String = "s", radii: String = "[0.5, 1]") throws -> String {
    try directory.write(
      "name: \(name)\ncells: rnn\nhidden_size: 4\nsequence_length: 5\nspectral_radius: \(radii)\nseeds: 2\n",
      to: "\(name).yaml")
  }

  /// Neither of the user named in a path nor of the variable HOME.
  @Test func aTildeIsALetter() throws {
    for folder in ["work", "home"] { #expect(mkdir(directory.file(folder), 0o700) == 0) }
    let (one, other) = (try specification(), try specification("o", radii: "[2]"))
    let home = ["HOME": directory.file("home")]
    func run(_ arguments: [String]) throws -> BuiltProgram.Outcome {
      try program.run(arguments, in: directory.file("work"), environment: home)
    }
    #expect(try run(["sweep", one, "--no-figures", "-o", directory.file("home/x")]).status == 0)
    let before = try Data(contentsOf: URL(fileURLWithPath: directory.file("home/x/trials.sqlite")))
    #expect(try run(["sweep", other, "--output=~/x", "--figure-less"]).status == 64)
    let outcome = try run(["sweep", other, "--output=~/x"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(FolderListing.names(directory.file("home")) == ["x"])
    #expect(try Data(contentsOf: URL(fileURLWithPath: directory.file("home/x/trials.sqlite"))) == before)
    let names = FolderListing.names(directory.file("work/~/x")) ?? []
    for name in ["spec.yaml", "trials.sqlite", "trials.csv", "figures", "manifest.json"] {
      #expect(names.contains(name), "\(names)")
    }
    for command in [
      ["compare", "~/x"], ["plot", "~/x", "--figure", "rate"], ["status", "~/x"],
      ["sweep", "~/x", "--no-figures"],
      ["plot", "~/x", "--output=~/figures", "--figure", "rate", "--format", "svg"],
    ] {
      let outcome = try run(command)
      #expect(outcome.status == 0, "\(command): \(outcome.errors)")
    }
    #expect(FolderListing.names(directory.file("home")) == ["x"])
  }

  /// Every command, in a folder whose name is hard on shells, scripts, gnuplot and SQLite.
  @Test(arguments: ["~/new\nline 'b' \"c\" $d %e #f ?g Ä", "-dash", "file:x?immutable=1"])
  func aFolderMayBeCalledAnything(_ name: String) throws {
    let spec = try specification()
    func run(_ arguments: [String]) throws {
      let outcome = try program.run(arguments, in: directory.path)
      #expect(outcome.status == 0, "\(arguments): \(outcome.errors)")
    }
    let options = ["--figure=decay", "--figure", "decay", "--format=svg"]
    try run(["sweep", spec, "--shard", "1/2", "--output=\(name)"])
    try run(["sweep", "--shard", "2/2", "--", name])
    try run(["merge", "--no-figures", "--", name])
    try run(["plot"] + options + ["--", name])
    try run(["plot", "--output=\(name)/more"] + options + ["--", name])
    try run(["status", "--", name])
    try run(["compare", "--", name])
    let id = try #require(try directory.read("\(name)/trials.csv").split(separator: "\n").last?.prefix(12))
    try run(["repro", "--", name, String(id)])
    try run(
      ["diagnose", "--case", ReferenceCases.path("rnn_tanh_one_step"), "--output=\(name)/diagnosis"] + [
        "--figure", "decay", "--figure", "decay", "--format", "svg",
      ])
    let found = FolderListing.names(directory.file(name + "/more")) ?? []
    #expect(found == ["decay.csv", "decay.gp", "decay.svg"])
  }

  /// Commands that are printed can be typed.
  @Test func aNameThatBeginsWithADashIsPrintedSoThatItIsNoOption() throws {
    let outcome = try program.run(
      ["sweep", try specification(), "--no-figures", "--output=-x"], in: directory.path)
    #expect(outcome.errors.hasSuffix("Next: gradflow compare ./-x\n"), "\(outcome.errors)")
  }

  @Test func anArgumentThatIsNotUTF8IsRefusedAndNothingIsMade() throws {
    let path = try specification()
    let script = "cd \"$1\"; \"$0\" sweep \"$2\" --no-figures -o $'a\\xffb'"
    let outcome = try Shell.run(script, [program.path, directory.path, path])
    #expect(outcome.status == 64)
    #expect(outcome.errors.contains("Argument 5 is not UTF-8 text"), "\(outcome.errors)")
    #expect(try directory.contents() == ["s.yaml"])
  }

  /// Nothing waits for the writer of a pipe that lies in the place of a run's file, or reads a device without end.
  @Test(arguments: [
    "trials.sqlite", ".lock", ".reading", "progress.json", "trials.csv", "spec.yaml", "trials.sqlite-wal",
    "figures/rate.gp",
  ])
  func aPipeInPlaceOfAFileOfARunHoldsNothingUp(_ name: String) throws {
    let spec = try specification()
    let run = directory.file("run")
    #expect(try program.run(["sweep", spec, "--no-figures", "-o", run]).status == 0)
    try? FileManager.default.removeItem(atPath: run + "/" + name)
    try FileManager.default.createDirectory(atPath: run + "/figures", withIntermediateDirectories: true)
    #expect(mkfifo(run + "/" + name, 0o600) == 0)
    let commands = [
      ["status", run], ["sweep", spec, "--no-figures", "-o", run], ["repair", run],
      ["plot", run, "--figure", "rate", "--format", "svg"],
    ]
    for command in commands {
      let running = try program.start(command)
      _ = running.waits { !running.isRunning }
      if running.isRunning { running.send(SIGKILL) }
      let outcome = try running.wait()
      #expect(
        [0, 65, 66, 73, 78].contains(outcome.status),
        "\(command) \(name): \(outcome.status) \(outcome.errors)")
    }
    // The log is SQLite's, which takes it away.
    var status = stat()
    #expect(lstat(run + "/" + name, &status) == 0 || name == "trials.sqlite-wal")
  }

  /// A log belongs to the file that a link leads to.
  @Test func aStoreMayLieElsewhere() throws {
    let spec = try directory.write(
      "name: s\ncells: rnn\nhidden_size: 24\nsequence_length: 20\nseeds: 3000\n", to: "s.yaml")
    #expect(
      try program.run(["sweep", spec, "seeds=1", "--no-figures", "-o", directory.file("run")]).status == 0)
    let (store, disk) = (directory.file("run/trials.sqlite"), directory.file("disk"))
    #expect(mkdir(disk, 0o700) == 0)
    try FileManager.default.moveItem(atPath: store, toPath: disk + "/x.sqlite")
    try FileManager.default.createSymbolicLink(atPath: store, withDestinationPath: disk + "/x.sqlite")
    let running = try program.start([
      "sweep", spec, "--jobs", "1", "--no-figures", "-o", directory.file("run"),
    ])
    #expect(running.waits { running.errors.contains("/3000 trials") })
    running.send(SIGKILL)
    _ = try running.wait()
    #expect(FileManager.default.fileExists(atPath: disk + "/x.sqlite-wal"))
    let told = try program.run(["status", directory.file("run"), "--json"]).output
    let done = try #require(told.firstMatch(of: /"done": ([0-9]+)/).flatMap { Int($0.1) })
    #expect(done > 1)
    let stored = try DatabaseQueue(path: disk + "/x.sqlite").read {
      try Int.fetchOne($0, sql: "SELECT count(*) FROM trials")
    }
    #expect(stored == done)
  }
}
