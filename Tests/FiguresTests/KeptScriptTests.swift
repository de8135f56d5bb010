import Experiments
import Figures
import Foundation
import GradientFlow
import Testing

@Suite("A script that was edited is kept") struct KeptScriptTests {
  private let tiny: TinyRun
  /// Without images: what is kept and what is written are files all the same.
  private var set: FigureSet { FigureSet(tiny.run, names: [.decay]) }

  init() async throws { tiny = try await TinyRun("cells: [rnn]\nsequence_length: 4\nseeds: 1\n") }

  private func path(_ name: String) -> String { "\(tiny.run.directory.figures)/\(name)" }
  private func read(_ name: String) throws -> String {
    try String(contentsOfFile: path(name), encoding: .utf8)
  }
  private func write(_ text: String, _ name: String) throws {
    try text.write(toFile: path(name), atomically: true, encoding: .utf8)
  }
  private var names: [String] { (FolderListing.names(tiny.run.directory.figures) ?? []).sorted() }

  @Test func whatIsUnchangedIsReplaced() async throws {
    try await set.render([])
    let script = try read("decay.gp")
    #expect(script.split(separator: "\n").count { $0.hasPrefix("# Digest: ") } == 1)
    try write("lag\n", "decay.csv")
    let outcomes = try await set.render([])
    guard case .written(_, let files, _)? = outcomes.first else { throw FigureOmissionInTest() }
    #expect(files == [path("decay.csv"), path("decay.gp")])
    #expect(names == ["decay.csv", "decay.gp"])
    #expect(try read("decay.gp") == script)
  }

  @Test(arguments: ["# mine\n", "\n"]) func whatIsEditedIsKept(_ addition: String) async throws {
    try await set.render([])
    let edited = try read("decay.gp") + addition
    try write(edited, "decay.gp")
    try write("my data", "decay.csv")
    for _ in 0..<2 {
      let outcomes = try await set.render([])
      guard case .writtenBeside(let kept, .decay, let files, _)? = outcomes.first else {
        throw FigureOmissionInTest()
      }
      #expect(kept.path == path("decay.gp") && kept.isEdited)
      #expect(files == [path("decay-new.csv"), path("decay-new.gp")])
      #expect(
        kept.sentence(besides: "x/decay-new.svg")
          == "\(path("decay.gp")) was edited and is kept; the new figure is decay-new.svg")
      #expect(names == ["decay-new.csv", "decay-new.gp", "decay.csv", "decay.gp"])
    }
    #expect(try read("decay.gp") == edited && read("decay.csv") == "my data")
    #expect(try read("decay-new.gp").contains("decay-new.csv"))
    // The new one may be edited too.
    try write(read("decay-new.gp").replacing("set output", with: "set  output"), "decay-new.gp")
    guard case .writtenBeside(_, _, let files, _)? = try await set.render([]).first else {
      throw FigureOmissionInTest()
    }
    #expect(files == [path("decay-new-2.csv"), path("decay-new-2.gp")])
    // Without the edited script the name is free again.
    try FileManager.default.removeItem(atPath: path("decay.gp"))
    try FileManager.default.removeItem(atPath: path("decay.csv"))
    guard case .written(_, let last, _)? = try await set.render([]).first else {
      throw FigureOmissionInTest()
    }
    #expect(last.last == path("decay.gp"))
  }

  @Test func aScriptOfAVersionWithoutDigestsMayHaveBeenEdited() async throws {
    try await set.render([])
    let old = try read("decay.gp").split(separator: "\n", omittingEmptySubsequences: false)
      .filter { !$0.hasPrefix("# Digest: ") }.joined(separator: "\n")
    try write(old, "decay.gp")
    guard case .writtenBeside(let kept, _, _, _)? = try await set.render([]).first else {
      throw FigureOmissionInTest()
    }
    #expect(!kept.isEdited && kept.sentence(besides: "b.svg").contains("older version"))
    #expect(try read("decay.gp") == old)
  }
}

private struct FigureOmissionInTest: Error {}
