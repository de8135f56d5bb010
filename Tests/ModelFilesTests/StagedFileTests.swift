import Foundation
import ModelFiles
import TestSupport
import Testing

@Suite("Files on their way, and what is left of them") struct StagedFileTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  /// The parts of the name of a file that is being written: machine, process, its start, and a number.
  private func parts() throws -> [String] {
    let file = try StagedFile(for: directory.file("any"))
    let name = PathName.last(of: file.path)
    #expect(name.hasPrefix(".gradflow-") && name.hasSuffix(".tmp"))
    let parts = name.dropFirst(10).dropLast(4).split(separator: "-").map(String.init)
    try #require(parts.count == 4 && parts[1] == "\(getpid())")
    return parts
  }

  private func leave(_ parts: [String]) throws -> String {
    let name = ".gradflow-\(parts.joined(separator: "-")).tmp"
    directory.write([1, 2, 3], to: name)
    return name
  }

  private func ended() throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/true")
    try process.run()
    process.waitUntilExit()
    return "\(process.processIdentifier)"
  }

  @Test func aFileThatIsNotPublishedLeavesNothing() throws {
    do {
      let file = try StagedFile(for: directory.file("a"))
      try file.write([1] as [UInt8])
      #expect(try directory.contents().count == 1)
    }
    #expect(try directory.contents() == [])
  }

  @Test func whatAnEndedProcessLeftIsRemoved() throws {
    var parts = try parts()
    parts[1] = try ended()
    _ = try leave(parts)
    LeftoverFiles.remove(from: directory.path)
    #expect(try directory.contents() == [])
  }

  /// Numbers are given again: the start tells the processes apart.
  @Test func theNumberOfAnEndedProcessMayBeAnothersNow() throws {
    var parts = try parts()
    try #require(parts[2] != "0", "this system does not say when a process was started")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sleep")
    process.arguments = ["30"]
    try process.run()
    defer { process.terminate() }
    let stat = try String(contentsOfFile: "/proc/\(process.processIdentifier)/stat", encoding: .utf8)
    let start = try #require(UInt64(stat.split(separator: ")").last?.split(separator: " ")[19] ?? ""))
    parts[1] = "\(process.processIdentifier)"
    parts[2] = String(start, radix: 16)
    let kept = try leave(parts)
    parts[2] = String(start - 1, radix: 16)
    _ = try leave(parts)
    LeftoverFiles.remove(from: directory.path)
    #expect(try directory.contents() == [kept])
  }

  @Test func aFileThatIsHeldOrOfAnotherMachineStays() throws {
    var parts = try parts()
    parts[1] = try ended()
    let held = try leave(parts)
    let descriptor = open(directory.file(held), O_RDONLY)
    #expect(flock(descriptor, LOCK_EX) == 0)
    parts[0] = parts[0] == "00000001" ? "00000002" : "00000001"
    let foreign = try leave(parts)
    LeftoverFiles.remove(from: directory.path)
    #expect(try directory.contents() == [foreign, held].sorted())
    close(descriptor)
    try FileManager.default.setAttributes(
      [.modificationDate: Date() - 2 * 86400], ofItemAtPath: directory.file(foreign))
    LeftoverFiles.remove(from: directory.path)
    #expect(try directory.contents() == [])
  }

  @Test func namesThatOnlyLookAlikeAreSomebodyElses() throws {
    var parts = try parts()
    parts[1] = try ended()
    let whole = parts.joined(separator: "-")
    let names = [
      ".gradflow-notes.tmp", ".gradflow-\(whole)", "gradflow-\(whole).tmp", ".gradflow-\(whole)-1.tmp",
      ".gradflow-\(whole.uppercased()).tmp", ".gradflow-\(whole.dropLast()).tmp", "trials.csv.1.tmp",
      ".x.tmp",
    ].filter { $0 != ".gradflow-\(whole).tmp" }
    for name in names { directory.write([1], to: name) }
    #expect(mkdir(directory.file(".gradflow-\(whole).tmp"), 0o700) == 0)
    LeftoverFiles.remove(from: directory.path)
    #expect(try directory.contents() == (names + [".gradflow-\(whole).tmp"]).sorted())
  }

  @Test func ownFilesAreRemovedOnlyWhenAskedFor() throws {
    let file = try StagedFile(for: directory.file("a"))
    LeftoverFiles.remove(from: directory.path)
    #expect(try directory.contents().count == 1)
    LeftoverFiles.removeOwn(from: directory.path)
    #expect(try directory.contents() == [])
    #expect(throws: ModelFileError.self) { try file.publish() }
  }

  @Test func linksAreFollowedAndLoopsPipesAndFoldersRefused() throws {
    let link = directory.file("link")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "new")
    try AtomicFile.write([7] as [UInt8], to: link)
    #expect(FileManager.default.contents(atPath: directory.file("new")) == Data([7]))
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "new")

    try FileManager.default.createSymbolicLink(atPath: directory.file("loop"), withDestinationPath: "loop")
    try FileManager.default.createSymbolicLink(atPath: directory.file("lost"), withDestinationPath: "none/x")
    #expect(mkfifo(directory.file("pipe"), 0o600) == 0)
    #expect(mkdir(directory.file("folder"), 0o700) == 0)
    let before = try directory.contents()
    for name in ["loop", "lost", "pipe", "folder"] {
      let error = #expect(throws: ModelFileError.self) {
        try AtomicFile.write([1] as [UInt8], to: directory.file(name))
      }
      #expect(error?.kind == .cannotWrite && error?.file == directory.file(name))
    }
    #expect(try directory.contents() == before)
  }

  @Test func theBeginningOfWhatIsNoRegularFileIsNotWaitedFor() throws {
    #expect(mkfifo(directory.file("pipe"), 0o600) == 0)
    for path in [directory.file("pipe"), directory.path, "/dev/zero", directory.file("none")] {
      #expect(RegularFile.beginning(of: path) == nil)
    }
    directory.write([1, 2, 3], to: "three")
    #expect(RegularFile.beginning(of: directory.file("three"), limit: 2) == Data([1, 2]))
    #expect(RegularFile.beginning(of: directory.file("three")) == Data([1, 2, 3]))
  }

  @Test func pathsAreTakenApartAsTheyAre() {
    #expect(PathName.joined("~", "x") == "~/x" && PathName.joined("a/", "x") == "a/x")
    #expect(PathName.joined("", "x") == "x" && PathName.joined("/", "x") == "/x")
    #expect(PathName.folder(of: "x") == "." && PathName.folder(of: "/x") == "/")
    #expect(PathName.folder(of: "~/a/b") == "~/a" && PathName.last(of: "a/b//") == "b")
    #expect(PathName.explicit("~/x") == "./~/x" && PathName.explicit("file:x") == "./file:x")
    #expect(PathName.explicit("/x") == "/x" && PathName.explicit("../x") == "../x")
    #expect(PathName.absolute("/a/./b//../~/c") == "/a/~/c" && PathName.absolute("/..") == "/")
    #expect(PathName.absolute("~/x") == FileManager.default.currentDirectoryPath + "/~/x")
  }
}
