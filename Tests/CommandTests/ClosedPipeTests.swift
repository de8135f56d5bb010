import Foundation
import GradientFlow
import TestSupport
import Testing

/// A reader that goes away changes neither what is done nor how it is said to have ended.
@Suite("Exit codes survive a closed pipe") struct ClosedPipeTests: SweepSuite {
  let program: BuiltProgram
  let directory: TemporaryDirectory

  init() throws {
    program = try BuiltProgram()
    directory = try TemporaryDirectory()
  }

  /// Runs the program with the output given to a program that ends at once; returns the program's own code.
  private func piped(_ arguments: [String], into reader: String = "| true") throws -> BuiltProgram.Outcome {
    // The reader is gone before anything is written.
    let script = "\"$0\" \"$@\" \(reader); exit ${PIPESTATUS[0]}"
    return try Shell.run(script, [program.path] + arguments)
  }

  @Test func missingTrialsAre75WithWhatIsMissing() throws {
    let path = try specification("cells: rnn\nhidden_size: 4\nsequence_length: 5\nseeds: 6")
    #expect(try program.run(command(path, ["--shard", "1/2"])).status == 0)
    let merge = ["merge", directory.file("run"), "--no-figures"]
    #expect(try program.run(merge).status == 75)
    let read = try program.run(merge)
    let unread = try piped(merge)
    #expect(read.status == 75 && unread.status == 75, "\(unread.errors)")
    #expect(unread.errors == read.errors)
    #expect(unread.errors.contains("trials are missing"))
  }

  @Test func aDifferenceIs1() throws {
    let copy = try TemporaryDirectory()
    let source = ReferenceCases.path("rnn_tanh_one_step")
    for name in FolderListing.names(source) ?? [] {
      try FileManager.default.copyItem(atPath: source + "/" + name, toPath: copy.file(name))
    }
    let text = try copy.read("expected.json")
    let loss = try #require(text.firstMatch(of: /"loss": *[-0-9.e]+/))
    _ = try copy.write(text.replacing(loss.output, with: "\"loss\": 12345"), to: "expected.json")
    #expect(try piped(["verify", copy.path]).status == 1)
  }

  @Test func theWorkIsFinished() throws {
    let arguments = [
      "diagnose", "--case", ReferenceCases.path("rnn_tanh_one_step"), "--json", "-q", "--format", "svg",
    ]
    #expect(try program.run(arguments + ["-o", directory.file("read")]).status == 0)
    #expect(try piped(arguments + ["-o", directory.file("unread")]).status == 0)
    let figures = FolderListing.names(directory.file("read/figures")) ?? []
    #expect(figures.count > 5)
    #expect(FolderListing.names(directory.file("unread/figures")) == figures)
    #expect(FolderListing.names(directory.file("unread")) == FolderListing.names(directory.file("read")))
  }

  @Test func aDiskThatIsFullUnderTheOutputIs73AfterTheWork() throws {
    let arguments = [
      "diagnose", "--case", ReferenceCases.path("rnn_tanh_one_step"), "--json", "-q", "--format", "svg",
    ]
    let full = try piped(arguments + ["-o", directory.file("full")], into: "> /dev/full")
    #expect(full.status == 73)
    #expect(full.errors.contains("standard output cannot be written"))
    #expect(full.errors.split(separator: "\n").count == 1)
    #expect((FolderListing.names(directory.file("full/figures")) ?? []).count > 5)
    #expect(try piped(["init"], into: "> /dev/full").status == 73)
    #expect(try piped(["init"]).status == 0)
  }

  /// Where standard output is closed, its number must not be given to a file of the run.
  @Test func whatIsPrintedNeverLandsInAFileOfTheRun() throws {
    let path = try specification("cells: rnn\nhidden_size: 4\nsequence_length: 5\nseeds: 2")
    #expect(try program.run(command(path, into: "whole")).status == 0)
    let closed = try piped(command(path, into: "closed"), into: "<&- >&- 2>&-")
    #expect([0, 73].contains(closed.status))
    #expect(try isSame("whole", "closed"))
  }
}
