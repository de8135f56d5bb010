import Foundation
import TestSupport
import Testing

@Suite("Exit codes and messages") struct ExitCodeTests {
  private let program: BuiltProgram
  private let directory: TemporaryDirectory

  init() throws {
    program = try BuiltProgram()
    directory = try TemporaryDirectory()
  }

  private func sweep(_ text: String, _ arguments: [String] = []) throws -> BuiltProgram.Outcome {
    let path = try directory.write("name: x\n" + text + "\n", to: "x.yaml")
    return try program.run(["sweep", path, "-o", directory.file("run"), "--no-figures"] + arguments)
  }

  @Test(arguments: [
    ("spectral_radios: 1", "x.yaml:2:1: unknown key 'spectral_radios'; did you mean 'spectral_radius'?"),
    ("spectral_radius: [0.5, -1]", "x.yaml:2:24: spectral_radius: -1 is out of range"),
    ("sequence_length: 0", "x.yaml:2:18: sequence_length: 0 is out of range"),
    ("hidden_size: 0", "x.yaml:2:14: hidden_size: 0 is out of range"),
    ("hidden_size: wide", "x.yaml:2:14: hidden_size: 'wide' is not a number"),
    ("cells: [rnm]", "did you mean 'rnn'?"),
    ("clip: {norm: 1}", "x.yaml:2:"),
    ("seeds: [1, 1]", "x.yaml:2:"),
    ("batch_size: 65536\nhidden_size: 16384\nsequence_length: 1000000", "memory"),
  ])
  func aBadSpecificationIs78AndNamesThePlace(_ text: String, _ message: String) throws {
    let outcome = try sweep(text)
    #expect(outcome.status == 78)
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
    #expect(!FileManager.default.fileExists(atPath: directory.file("run")))
  }

  @Test(arguments: ["", "iterations: 10\nlearning_rate: 0.1\n"])
  func aTextTooShortForItsSequencesIs78BeforeAnythingRuns(training: String) throws {
    _ = try directory.write(String(repeating: "a short text ", count: 20), to: "t.txt")
    let short = "task: {kind: text, path: t.txt}\ncells: rnn\nhidden_size: 4\nseeds: 2000\n" + training
    let refused = try sweep(short + "sequence_length: [10, 500]")
    #expect(refused.status == 78)
    #expect(refused.errors.split(separator: "\n").count == 1, "\(refused.errors)")
    #expect(
      refused.errors.contains(/x\.yaml:[0-9]+:[0-9]+: sequence_length: .* sequences of 500 steps need 501/))
    #expect(!FileManager.default.fileExists(atPath: directory.file("run")))
    // The longest that there is text for: of a training, in its last tenth.
    let longest = training.isEmpty ? 259 : 25
    let allowed = try sweep(short + "sequence_length: \(longest)", ["seeds=1"])
    #expect(allowed.status == 0, "\(allowed.errors)")
    #expect(try sweep(short + "sequence_length: \(longest + 1)", ["seeds=1", "--dry-run"]).status == 78)
  }

  @Test func missingInputsAre66() throws {
    for arguments in [
      ["sweep", "/no/such.yaml"], ["compare", "/no/such/run"], ["plot", "/no/such/run"],
      ["diagnose", "--case", "/no/such", "-o", directory.file("out")], ["verify", "/no/such"],
    ] {
      let outcome = try program.run(arguments)
      #expect(outcome.status == 66, "\(arguments): \(outcome.errors)")
      #expect(outcome.errors.contains("/no/such"))
      #expect(outcome.errors.split(separator: "\n").count == 1)
    }
  }

  @Test func usageErrorsAre64() throws {
    for arguments in [["frobnicate"], ["sweep"], ["compare", "x", "--format", "xml"], ["diagnose"]] {
      #expect(try program.run(arguments).status == 64, "\(arguments)")
    }
  }

  @Test func anUnwritableDirectoryIs73() throws {
    let path = try directory.write("name: x\nseeds: 1\n", to: "x.yaml")
    let outcome = try program.run(["sweep", path, "-o", "/proc/none/run", "--no-figures"])
    #expect(outcome.status == 73)
    #expect(outcome.errors.contains("/proc/none/run"))
  }

  @Test func anotherSpecificationOnARunIs78AndShowsTheDifference() throws {
    let first = try sweep("cells: rnn\nhidden_size: 4\nsequence_length: 3\nseeds: 2")
    #expect(first.status == 0, "\(first.errors)")
    let before = try directory.read("run/trials.csv")
    let second = try sweep("cells: rnn\nhidden_size: 5\nsequence_length: 3\nseeds: 2")
    #expect(second.status == 78)
    #expect(second.errors.contains("hidden_size: [4] → [5]"))
    #expect(before == (try directory.read("run/trials.csv")))
  }

  @Test func notANumberInTheInputsIs65AndNamesTheElement() throws {
    let source = ReferenceCases.path("rnn_tanh_one_step")
    for file in try FileManager.default.contentsOfDirectory(atPath: source) {
      try FileManager.default.copyItem(
        atPath: source + "/" + file, toPath: directory.file(file))
    }
    let path = directory.file("inputs.npy")
    var data = try Data(contentsOf: URL(fileURLWithPath: path))
    withUnsafeBytes(of: Double.nan.bitPattern.littleEndian) {
      data.replaceSubrange(data.count - 8..<data.count, with: $0)
    }
    try data.write(to: URL(fileURLWithPath: path))
    let outcome = try program.run(["diagnose", "--case", directory.path, "-o", directory.file("out")])
    #expect(outcome.status == 65)
    #expect(outcome.errors.contains("inputs.npy: element 5 (row-major) is nan"))
    #expect(!FileManager.default.fileExists(atPath: directory.file("out/summary.json")))
  }
}
