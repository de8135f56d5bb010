import Experiments
import Figures
import Foundation
import TestSupport
import Testing

/// Programs in gnuplot's place that do not do what they should.
@Suite("A gnuplot that fails") struct GnuplotLimitsTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func program(_ text: String) throws -> String { try directory.program(text, named: "gnuplot") }

  @Test func oneThatHangsIsStoppedWithAMessage() async throws {
    let path = try program("sleep 60")
    let gnuplot = GnuplotProcess(command: path, patience: 0.3)
    let script = try directory.write("plot x\n", to: "a.gp")
    let start = ContinuousClock.now
    await #expect {
      try await gnuplot.render(script, format: .svg, to: directory.file("a.svg"))
    } throws: { error in
      guard case FigureError.tooSlow(_, script, _)? = error as? FigureError else { return false }
      return "\(error)".contains(
        "did not finish within 1 s and was stopped; run '\(path) -d \(script)' in a terminal")
    }
    await #expect {
      try await gnuplot.inspect()
    } throws: { "\($0)".contains("\(path) --version") }
    #expect(ContinuousClock.now - start < .seconds(10))
    #expect(try directory.contents() == ["a.gp", "gnuplot"])
  }

  @Test func oneThatCannotBeStartedIsNotSaidToBeMissing() async throws {
    let gnuplot = GnuplotProcess(command: try directory.write("no program", to: "gnuplot"))
    await #expect {
      try await gnuplot.inspect()
    } throws: { "\($0)".contains("cannot be started (Permission denied)") }
  }
}
