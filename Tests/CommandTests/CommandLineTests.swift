import Foundation
import TestSupport
import Testing

@Suite("The command") struct CommandLineTests {
  private let program: BuiltProgram
  private let directory: TemporaryDirectory

  init() throws {
    program = try BuiltProgram()
    directory = try TemporaryDirectory()
  }

  @Test func helpNamesEveryCommandAndAFirstStep() throws {
    let outcome = try program.run(["--help"])
    #expect(outcome.status == 0)
    for command in ["sweep", "plot", "compare", "diagnose", "verify", "init", "doctor"] {
      #expect(outcome.output.contains("\n  \(command)"))
    }
    #expect(outcome.output.contains("gradflow sweep experiments/decay.yaml"))
  }

  @Test func initPrintsASpecificationThatRuns() throws {
    let text = try program.run(["init", "--name", "mine"]).output
    let path = try directory.write(text, to: "mine.yaml")
    let outcome = try program.run([
      "sweep", path, "hidden_size=4", "sequence_length=5", "seeds=2", "-o", directory.file("run"),
      "--no-figures",
    ])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("Rates: least-squares slope"))
    #expect(outcome.errors.contains("Next: gradflow compare"))
  }

  @Test func dryRunWritesNothing() throws {
    let path = try directory.write("name: dry\nseeds: 3\n", to: "dry.yaml")
    let outcome = try program.run(["sweep", path, "--dry-run"], in: directory.path)
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("dry: 6 trials"))
    #expect(!FileManager.default.fileExists(atPath: directory.file("runs")))
  }

  @Test func quietSaysNothing() throws {
    let path = try directory.write("name: q\nhidden_size: 4\nsequence_length: 3\nseeds: 1\n", to: "q.yaml")
    let outcome = try program.run([
      "sweep", path, "-q", "--no-figures", "-o", directory.file("run"),
    ])
    #expect(outcome.status == 0 && outcome.output.isEmpty && outcome.errors.isEmpty)
  }

  @Test func verifyPrintsTheWorstErrorByQuantityAndFailsOnAMiss() throws {
    let good = try program.run(["verify", ReferenceCases.path("lstm_forget1")])
    #expect(good.status == 0)
    #expect(good.output.contains("log10_grad_c_norm "))
    #expect(good.output.contains("all 1 cases agree"))
    let source = ReferenceCases.path("rnn_tanh_one_step")
    for file in try FileManager.default.contentsOfDirectory(atPath: source) {
      try FileManager.default.copyItem(atPath: source + "/" + file, toPath: directory.file(file))
    }
    let text = try directory.read("expected.json")
    _ = try directory.write(text.replacingOccurrences(of: "\"loss\":", with: "\"lost\":"), to: "expected.json")
    let bad = try program.run(["verify", ReferenceCases.path("lstm_forget1"), directory.path])
    #expect(bad.status == 1)
    #expect(bad.output.contains("MISS: missing in the reference"))
    #expect(bad.output.contains("1 of 2 cases disagree"))
  }

  @Test func diagnoseWritesItsThreeFiles() throws {
    let outcome = try program.run([
      "diagnose", "--case", ReferenceCases.path("rnn_tanh_long_underflow"), "-o", directory.file("out"),
    ])
    #expect(outcome.status == 0, "\(outcome.errors)")
    let csv = try directory.read("out/timesteps.csv").split(separator: "\n")
    #expect(csv.count == 1 + 2001)
    let summary = try JSONSerialization.jsonObject(
      with: Data(try directory.read("out/summary.json").utf8))
    let log10 = (summary as? [String: Any])?["log10_total_grad_norm"] as? [String: Double]
    #expect(log10?.count == 4)
    let gradients = try Data(contentsOf: URL(fileURLWithPath: directory.file("out/gradients.safetensors")))
    #expect(gradients.count > 8)
  }

  @Test func aClosedPipeEndsQuietly() throws {
    let path = try directory.write(
      "name: p\nhidden_size: 4\nsequence_length: 3\nspectral_radius: {from: 0.1, to: 5, step: 0.1}\nseeds: 2\n",
      to: "p.yaml")
    #expect(
      try program.run(["sweep", path, "-q", "--no-figures", "-o", directory.file("run")]).status == 0)
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/bash")
    shell.arguments = [
      "-c", "set -o pipefail; \"$0\" compare \"$1\" --format csv 2>/dev/null | head -n 1", program.path,
      directory.file("run"),
    ]
    shell.standardOutput = FileHandle.nullDevice
    try shell.run()
    shell.waitUntilExit()
    #expect(shell.terminationStatus == 0 || shell.terminationStatus == 141)
  }
}
