import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("gradflow cliff") struct CliffCommandTests {
  private let program: BuiltProgram
  private let directory: TemporaryDirectory

  init() throws {
    program = try BuiltProgram()
    directory = try TemporaryDirectory()
  }

  private func cliff(_ arguments: [String] = []) throws -> BuiltProgram.Outcome {
    try program.run(["cliff", "--format", "svg"] + arguments, in: directory.path)
  }

  private func rows(_ folder: String = "cliff") throws -> [[String]] {
    try directory.read("\(folder)/cliff.csv").split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }.filter { $0[0] == "walk" }
  }

  @Test func theAnswerComesFirst() throws {
    let outcome = try program.run(["cliff"], in: directory.path)
    #expect(outcome.status == 0 && outcome.output.isEmpty, "\(outcome.errors)")
    let lines = outcome.errors.split(separator: "\n").map(String.init)
    try #require(lines.count == 4)
    let first =
      "no clipping: ends at E = 0.081, w = 4.71, b = -0.479, largest gradient 1.5 (update 22), longest step 1.87 "
      + "(update 22)"
    #expect(lines[0] == first)
    #expect(lines[1].hasPrefix("clip 0.05: ends at E = 4.01e-12, "))
    #expect(lines[1].contains("clipped to 0.05") && lines[1].hasSuffix("29 of 50 updates clipped"))
    #expect(lines[3] == "Next: look at the figure; cliff/cliff.csv lists every update")
    let files = (FolderListing.names(directory.file("cliff")) ?? []).sorted()
    #expect(files == ["cliff.csv", "cliff.gp", "cliff.png", "cliff.svg"])
  }

  @Test func optionsMakeAnotherWalk() throws {
    let outcome = try cliff([
      "--w", "-3", "--b", "-0.5", "--learning-rate", "0.25", "--schedule", "constant", "--iterations", "30",
      "--clip", "value:0.01", "-o", "other", "--quiet",
    ])
    #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    let walk = CliffWalk(
      .value(0.01), w: -3, b: -0.5, learningRate: 0.25, schedule: .constant, iterations: 30)
    let found = try rows("other")
    #expect(found.compactMap { Double($0[3]) } == walk.points.map(\.w))
    #expect(found.compactMap { Double($0[4]) } == walk.points.map(\.b))
    #expect(found.allSatisfy { $0[1] == "value:0.01" })
    // The same folder once more.
    #expect(try cliff(["--iterations", "3", "-o", "other"]).status == 0)
    #expect(try rows("other").count == 8)
  }

  @Test func divergenceIsAResult() throws {
    let outcome = try cliff([
      "--w", "10", "--b", "-5.724593312018546", "--learning-rate", "1e308", "--schedule", "constant",
    ])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(
      outcome.errors.hasPrefix("no clipping: the weights left the range of numbers at update 1"),
      "\(outcome.errors)")
  }

  @Test func withoutGnuplotThereAreNumbersAndAScript() throws {
    let outcome = try program.run(["cliff"], in: directory.path, environment: ["PATH": directory.path])
    #expect(outcome.status == 69 && outcome.errors.contains("gnuplot"), "\(outcome.errors)")
    #expect(FolderListing.names(directory.file("cliff"))?.sorted() == ["cliff.csv", "cliff.gp"])
    #expect(try rows().count == 102)
  }

  @Test(arguments: [
    ["--w", "nan"], ["--b", "inf"], ["--b", "--quiet"], ["--learning-rate", "0"], ["--iterations", "0"],
    ["--iterations", "10001"], ["--schedule", "warmup"], ["--clip", "step-norm:1"],
    ["--clip", "global-norm:0"],
    ["--format", "dumb"], ["more"],
  ])
  func whatMakesNoSenseIsRefused(_ arguments: [String]) throws {
    let outcome = try cliff(arguments)
    #expect(outcome.status == 64, "\(outcome.errors)")
    #expect(FolderListing.names(directory.file("cliff")) == nil)
  }

  @Test func aTableOfOthersIsNotOverwritten() throws {
    _ = try directory.write("mine\n", to: "cliff.csv")
    let outcome = try cliff(["-o", directory.path])
    #expect(outcome.status == 73 && outcome.errors.contains("contains 'cliff.csv'"), "\(outcome.errors)")
    #expect(try directory.read("cliff.csv") == "mine\n")
  }
}
