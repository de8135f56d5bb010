import Experiments
import Figures
import Foundation
import Testing

@Suite struct RenderingTests {
  private static let yaml = """
    cells: [rnn, lstm]
    sequence_length: [4, 8]
    spectral_radius: [0, 0.9, 1.4]
    clip: [none, {step-norm: 1}, {value: 0.1}]
    seeds: 2

    """
  /// The figures of networks that are not trained.
  private static let names = FigureName.allCases.filter { $0.figure.subject == .networksAsDrawn }

  @Test(.enabled(if: hasGnuplot, "gnuplot is not installed"))
  func rendersEveryFigureUnderAnAwkwardPath() async throws {
    let tiny = try await TinyRun(Self.yaml, folder: "it's a run, “é”")
    let outcomes = try await FigureSet(tiny.run, names: Self.names).render([.svg, .png, .pdf])
    #expect(outcomes.map(\.name) == Self.names)
    for outcome in outcomes {
      guard case .written(_, let files, let warnings) = outcome else {
        Issue.record("\(outcome)")
        continue
      }
      #expect(warnings == [])
      #expect(files.count == 5)
      for file in files {
        let size = try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int
        #expect((size ?? 0) > 100, "\(file)")
      }
    }
    let folder = try FileManager.default.contentsOfDirectory(atPath: tiny.run.directory.figures)
    #expect(!folder.contains { $0.hasSuffix(".tmp") })
  }

  @Test(.enabled(if: hasGnuplot, "gnuplot is not installed"))
  func theScriptAloneDrawsTheSameFromAnyDirectory() async throws {
    let tiny = try await TinyRun(Self.yaml, folder: "it's a run")
    try await FigureSet(tiny.run, names: [.decay]).render([.svg])
    let base = tiny.run.directory.figures + "/decay"
    // Titles are gradflow's.
    func drawing() throws -> Substring {
      let text = try String(contentsOfFile: base + ".svg", encoding: .utf8)
      return text[try #require(text.firstRange(of: "<g id=")).lowerBound...]
    }
    let first = try drawing()
    try FileManager.default.removeItem(atPath: base + ".svg")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["gnuplot", "-d", base + ".gp"]
    process.currentDirectoryURL = URL(fileURLWithPath: "/")
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(try drawing() == first)
    #expect(FileManager.default.fileExists(atPath: base + ".png"))
  }

  @Test(.enabled(if: hasGnuplot, "gnuplot is not installed"))
  func imagesAreTheSameBytesEachTime() async throws {
    let tiny = try await TinyRun(Self.yaml)
    let set = FigureSet(tiny.run, names: Self.names)
    func images() throws -> [Data] {
      try Self.names.flatMap { name in
        try ImageFormat.allCases.map { format in
          try Data(contentsOf: URL(fileURLWithPath: "\(set.directory)/\(name.rawValue).\(format.rawValue)"))
        }
      }
    }
    try await set.render(ImageFormat.allCases)
    let first = try images()
    // The date in a PDF has seconds.
    try await Task.sleep(for: .seconds(1.1))
    try await set.render(ImageFormat.allCases)
    #expect(try images() == first)
  }

  @Test(arguments: [(60, 20), (80, 24), (100, 30), (200, 50)])
  func textFitsTheTerminalAndIsNotWritten(columns: Int, rows: Int) async throws {
    let tiny = try await TinyRun(Self.yaml)
    let pages = try FigureSet(tiny.run).text(columns: columns, rows: rows).pages
    #expect(pages.map(\.name) == Self.names)
    for page in pages {
      let lines = page.text.split(separator: "\n", omittingEmptySubsequences: false)
      #expect(lines.count <= rows && lines.allSatisfy { $0.count <= columns }, "\(page.name)")
      #expect(lines.contains { $0.contains("└") }, "\(page.name)")
    }
    #expect(!FileManager.default.fileExists(atPath: tiny.run.directory.figures))
  }

  @Test(.enabled(if: hasGnuplot, "gnuplot is not installed"))
  func aBrokenScriptIsReportedWithItsLineAndLeavesNoImage() async throws {
    let directory = NSTemporaryDirectory() + "broken-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: directory) }
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    let script = directory + "/a.gp"
    try ScriptFile.write("set terminal svg\nset output output\nplot nothing(x)\n", to: script)
    let error = await #expect(throws: FigureError.self) {
      _ = try await GnuplotProcess().render(script, format: .svg, to: directory + "/a.svg")
    }
    guard case .scriptFailed(script, 3, let message)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(message.contains("undefined function"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["a.gp"])
  }

  @Test func missingGnuplotIsSaidAfterScriptsAndDataAreWritten() async throws {
    let tiny = try await TinyRun("cells: [rnn]\nsequence_length: 4\nseeds: 1\n")
    let set = FigureSet(tiny.run, names: [.decay, .contributions])
    let error = await #expect(throws: FigureError.self) {
      try await set.render(gnuplot: GnuplotProcess(command: "no-such-gnuplot"))
    }
    guard case .gnuplotMissing("no-such-gnuplot", let scripts)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(scripts.count == 2)
    #expect(error?.description.contains("apt-get install gnuplot-nox") == true)
    for file in ["decay.csv", "decay.gp", "contributions.csv", "contributions.gp"] {
      #expect(FileManager.default.fileExists(atPath: "\(set.directory)/\(file)"))
    }
  }
}
