import Foundation
import GradientFlow
import TestSupport
import Testing

/// A folder with files of others is refused before a byte is written, and no file of others is overwritten anywhere.
@Suite("What is not ours is not touched") struct ForeignFileTests: SweepSuite {
  let program: BuiltProgram
  let directory: TemporaryDirectory

  init() throws {
    program = try BuiltProgram()
    directory = try TemporaryDirectory()
  }

  private static let lines =
    "cells: rnn\nhidden_size: 4\nsequence_length: 5\nspectral_radius: [0.5, 1]\nseeds: 2"

  /// The commands that write into a folder, each with what stands before and after the folder's name.
  enum Writer: String, CaseIterable {
    case sweep, dryRun, shard, train, slurm, diagnose, cliff, plot
  }

  private func arguments(_ writer: Writer, into folder: String) throws -> [String] {
    let spec = try specification(Self.lines)
    let place = ["-o", directory.file(folder)]
    switch writer {
    case .sweep: return ["sweep", spec, "--no-figures"] + place
    case .dryRun: return ["sweep", spec, "--dry-run"] + place
    case .shard: return ["sweep", spec, "--shard", "1/2"] + place
    case .train:
      let path = try directory.write(
        "name: t\ntask: {kind: adding}\ncells: rnn\nhidden_size: 4\nsequence_length: 5\niterations: 2\n"
          + "evaluation_size: 100\nseeds: 1\n", to: "t.yaml")
      return ["train", path, "--no-figures"] + place
    case .slurm: return ["slurm", spec, "--shards", "2"] + place
    case .diagnose:
      return ["diagnose", "--case", ReferenceCases.path("rnn_tanh_one_step"), "--no-figures"] + place
    case .cliff: return ["cliff", "--format", "svg"] + place
    case .plot:
      if !FileManager.default.fileExists(atPath: directory.file("drawn")) {
        #expect(try program.run(["sweep", spec, "--no-figures", "-o", directory.file("drawn")]).status == 0)
      }
      return ["plot", directory.file("drawn"), "--figure", "rate", "--format", "svg"] + place
    }
  }

  /// Every file below a folder with its bytes.
  private func contents(_ folder: String) throws -> [String: Data] {
    let root = directory.file(folder)
    var found: [String: Data] = [:]
    for name in FileManager.default.enumerator(atPath: root)?.allObjects as? [String] ?? [] {
      found[name] = FileManager.default.contents(atPath: root + "/" + name) ?? Data()
    }
    return found
  }

  private func make(_ folder: String, _ files: [String: String]) throws {
    for (name, text) in files {
      let path = folder + "/" + name
      try FileManager.default.createDirectory(
        atPath: PathName.folder(of: directory.file(path)), withIntermediateDirectories: true)
      _ = try directory.write(text, to: path)
    }
  }

  @Test(arguments: Writer.allCases)
  func aFolderOfOthersIsRefusedBeforeAByteIsWritten(_ writer: Writer) throws {
    for files in [
      ["trials.csv": "mine\n", "figures/rate.svg": "<svg/>", "summary.json": "{}", "rate.gp": "plot x"],
      ["spec.yaml": "name: mine # by hand\n"], [".lock": "not ours"], ["shards/1-of-2/notes": "mine"],
      ["trials.sqlite": "SQLite format 3\0 of another program"],
    ] {
      try? FileManager.default.removeItem(atPath: directory.file("theirs"))
      try make("theirs", files)
      let before = try contents("theirs")
      let outcome = try program.run(try arguments(writer, into: "theirs"))
      #expect(outcome.status == 73, "\(writer) \(files): \(outcome.errors)")
      #expect(outcome.errors.contains("theirs: not empty, and not a "), "\(outcome.errors)")
      #expect(outcome.errors.contains("-o"))
      #expect(try contents("theirs") == before)
    }
  }

  @Test(arguments: Writer.allCases)
  func filesAndLinksInPlaceOfTheFolderAreRefused(_ writer: Writer) throws {
    _ = try directory.write("mine", to: "file")
    let manager = FileManager.default
    try manager.createSymbolicLink(atPath: directory.file("lost"), withDestinationPath: "nowhere")
    try manager.createSymbolicLink(atPath: directory.file("loop"), withDestinationPath: "loop")
    #expect(mkfifo(directory.file("pipe"), 0o600) == 0)
    for name in ["file", "lost", "loop", "pipe", "file/below"] {
      let outcome = try program.run(try arguments(writer, into: name))
      #expect(outcome.status == 73, "\(writer) \(name): \(outcome.errors)")
      #expect(outcome.errors.contains(directory.file(name)))
    }
    #expect(try directory.read("file") == "mine" && !manager.fileExists(atPath: directory.file("nowhere")))
  }

  @Test(arguments: Writer.allCases)
  func aNewOrEmptyFolderAndTheSameOnceMoreAreTaken(_ writer: Writer) throws {
    try make("empty", [".DS_Store": "", "lost+found/.x": ""])
    try FileManager.default.removeItem(atPath: directory.file("empty/lost+found/.x"))
    try FileManager.default.createSymbolicLink(
      atPath: directory.file("link"), withDestinationPath: directory.file("empty"))
    for folder in ["new/below", "new/below", "link", "empty"] {
      let outcome = try program.run(try arguments(writer, into: folder))
      #expect(outcome.status == 0, "\(writer) \(folder): \(outcome.errors)")
    }
  }

  /// What a process leaves that is ended at one of its first steps.
  @Test func theBeginningsOfARunAreGoneOnWith() throws {
    for files in [
      [".lock": ""], [".lock": "", ".reading": ""], ["shards/1-of-2/.lock": "", "models/.x": ""],
      [".lock": #"{"process":1,"host":"h","command":"c","since":"s"}"#, "half": "x"],
    ] {
      try? FileManager.default.removeItem(atPath: directory.file("begun"))
      try make("begun", files)
      try? FileManager.default.removeItem(atPath: directory.file("begun/models/.x"))
      let outcome = try program.run(try arguments(.sweep, into: "begun"))
      #expect(outcome.status == 0, "\(files): \(outcome.errors)")
    }
  }

  /// A run is known however it was copied, and goes on.
  @Test func aCopyOfARunIsARun() throws {
    #expect(try program.run(try arguments(.sweep, into: "whole")).status == 0)
    let manager = FileManager.default
    for kept in [["spec.yaml", "trials.sqlite"], ["spec.yaml", "manifest.json"], ["spec.yaml"], [".lock"]] {
      try? manager.removeItem(atPath: directory.file("copy"))
      try manager.createDirectory(atPath: directory.file("copy"), withIntermediateDirectories: true)
      for name in kept {
        try manager.copyItem(atPath: directory.file("whole/" + name), toPath: directory.file("copy/" + name))
      }
      let outcome = try program.run(try arguments(.sweep, into: "copy"))
      #expect(outcome.status == 0, "\(kept): \(outcome.errors)")
      #expect(try isSame("whole", "copy"))
    }
  }

  @Test func aFolderThatSlurmOrAShardBeganIsARun() throws {
    #expect(try program.run(try arguments(.slurm, into: "run")).status == 0)
    #expect(try program.run(try arguments(.shard, into: "run")).status == 0)
    #expect(try program.run(try arguments(.shard, into: "parts")).status == 0)
    #expect(try program.run(["sweep", directory.file("parts"), "--shard", "2/2"]).status == 0)
    #expect(try program.run(["merge", directory.file("parts"), "--no-figures"]).status == 0)
  }

  @Test func aFileOfOthersInARunIsNotOverwritten() throws {
    #expect(try program.run(try arguments(.sweep, into: "run")).status == 0)
    for name in ["trials.csv", "timesteps.csv", "manifest.json"] {
      let own = try directory.read("run/" + name)
      _ = try directory.write("mine, by hand\n", to: "run/" + name)
      let before = try contents("run")
      let outcome = try program.run(try arguments(.sweep, into: "run"))
      #expect(outcome.status == 73)
      #expect(outcome.errors.contains("run/\(name): not written by gradflow"), "\(outcome.errors)")
      #expect(try contents("run") == before)
      _ = try directory.write(own, to: "run/" + name)
    }
    // What has a name of its own is none of our business, and a table that only trainings have is none of a sweep's.
    try make(
      "run",
      ["notes.txt": "mine", "training.csv": "mine", "figures/notes.txt": "mine", "figures/pdf": "mine"])
    let outcome = try program.run(["sweep", directory.file("run")])
    #expect(outcome.status == 0, "\(outcome.errors)")
    for name in ["notes.txt", "training.csv", "figures/notes.txt", "figures/pdf"] {
      #expect(try directory.read("run/" + name) == "mine")
    }
  }

  @Test func aFigureOfOthersIsNotOverwritten() throws {
    #expect(try program.run(try arguments(.sweep, into: "run")).status == 0)
    try make("run", ["figures/contributions.svg": "drawn by hand"])
    let plot = ["plot", directory.file("run"), "--format", "svg"]
    let refused = try program.run(plot + ["--figure", "decay", "--figure", "contributions"])
    #expect(
      refused.status == 73 && refused.errors.contains("figures/contributions.svg: not drawn by gradflow"))
    #expect(FolderListing.names(directory.file("run/figures")) == ["contributions.svg"])
    // Other names, and the same name once it is ours.
    #expect(try program.run(plot + ["--figure", "decay"]).status == 0)
    #expect(try directory.read("run/figures/contributions.svg") == "drawn by hand")
    try FileManager.default.removeItem(atPath: directory.file("run/figures/contributions.svg"))
    #expect(try program.run(plot + ["--figure", "contributions"]).status == 0)
    _ = try directory.write("half a pic", to: "run/figures/contributions.svg")
    #expect(try program.run(plot + ["--figure", "contributions"]).status == 0)
    #expect(try directory.read("run/figures/contributions.svg").contains("</svg>"))
    // A script of others.
    _ = try directory.write("plot x", to: "run/figures/decay-slide.gp")
    #expect(try program.run(plot + ["--figure", "decay", "--preset", "slide"]).status == 73)
    #expect(try directory.read("run/figures/decay-slide.gp") == "plot x")
  }

  @Test func aDiagnosisTakesAwayNoTablesOfOthers() throws {
    let diagnose = try arguments(.diagnose, into: "diagnosis")
    #expect(try program.run(diagnose).status == 0)
    _ = try directory.write("mine", to: "diagnosis/two_time.csv")
    let before = try contents("diagnosis")
    #expect(try program.run(diagnose).status == 73)
    #expect(try contents("diagnosis") == before)
  }
}
