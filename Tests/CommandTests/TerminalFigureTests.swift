import Foundation
import GradientFlow
import TestSupport
import Testing

/// Figures as text, on the pipe that a test reads.
@Suite("--format text") struct TerminalFigureTests {
  let program: BuiltProgram
  let directory: TemporaryDirectory

  init() throws {
    program = try BuiltProgram()
    directory = try TemporaryDirectory()
  }

  private func cliff(_ format: String = "text", _ environment: [String: String?] = [:]) throws -> [Substring]
  {
    var whole: [String: String?] = ["COLUMNS": nil, "LINES": nil, "NO_COLOR": nil, "CLICOLOR_FORCE": nil]
    whole.merge(environment) { $1 }
    let outcome = try program.run(
      ["cliff", "--iterations", "5", "--format", format], in: directory.path, environment: whole)
    #expect(outcome.status == 0, "\(outcome.errors)")
    return outcome.output.split(separator: "\n", omittingEmptySubsequences: false)
  }

  @Test func isWrittenNowhere() throws {
    #expect(try cliff().contains { $0.contains("└") })
    #expect(FolderListing.names(directory.path) == [])
  }

  @Test func needsNoGnuplot() throws {
    #expect(try cliff("text", ["PATH": directory.path]).contains { $0.contains("└") })
  }

  @Test func theOldNameIsUnderstood() throws { #expect(try cliff("dumb") == cliff("text")) }

  @Test(arguments: [(60, 20), (80, 24), (120, 40)]) func fitsTheTerminal(columns: Int, lines: Int) throws {
    let drawn = try cliff("text", ["COLUMNS": "\(columns)", "LINES": "\(lines)"])
    // The last line is left to the prompt.
    #expect(drawn.count <= lines && drawn.allSatisfy { $0.count <= columns })
    #expect(drawn.contains { $0.count > columns / 2 })
  }

  @Test func hasColoursWhereTheyAreWanted() throws {
    func hasColours(_ environment: [String: String?]) throws -> Bool {
      try cliff("text", environment).contains { $0.contains("\u{1B}[") }
    }
    #expect(try !hasColours([:]))
    #expect(try hasColours(["CLICOLOR_FORCE": "1"]))
    #expect(try !hasColours(["CLICOLOR_FORCE": "0"]))
    #expect(try !hasColours(["CLICOLOR_FORCE": "1", "NO_COLOR": "1"]))
  }

  @Test func standsAlone() throws {
    let outcome = try program.run(["cliff", "--format", "text", "--format", "svg"], in: directory.path)
    #expect(outcome.status == 64 && outcome.errors.contains("--format text prints to the terminal"))
  }
}
