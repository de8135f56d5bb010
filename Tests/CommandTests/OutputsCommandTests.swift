import Foundation
import TestSupport
import Testing

@Suite("gradflow outputs") struct OutputsCommandTests {
  let program: BuiltProgram
  let directory: TemporaryDirectory

  init() throws {
    program = try BuiltProgram()
    directory = try TemporaryDirectory()
  }

  private func train() throws -> String {
    let path = try directory.write(
      """
      name: o
      task: {kind: echo, delay: 2, symbols: 3}
      cells: [rnn, gru]
      hidden_size: 6
      batch_size: 4
      sequence_length: 7
      iterations: 5
      evaluation_size: 100
      seeds: 1
      """, to: "o.yaml")
    let run = directory.file("run")
    let outcome = try program.run(["train", path, "--no-figures", "-o", run])
    #expect(outcome.status == 0, "\(outcome.errors)")
    return run
  }

  @Test func whatANetworkPutsOutIsPrintedAndTheNextStepSaid() throws {
    let run = try train()
    let found = try program.run(["outputs", run, "--where", "cell=gru", "--sequence", "3"])
    #expect(found.status == 0, "\(found.errors)")
    #expect(found.output.contains("gru") && found.output.contains("after 5 updates"))
    #expect(found.output.contains("ŷ(2)") && found.output.contains("of 5 outputs right"))
    #expect(found.errors.hasSuffix("Next: gradflow plot \(run) --figure steps\n"))
    let csv = try program.run(["outputs", run, "--format", "csv", "--step", "4"])
    #expect(csv.status == 0 && CSVRows(csv.output).rows.count == 3)
    #expect(csv.errors.contains("The first of 2 trials"))
  }

  @Test(arguments: [
    (["--step", "8"], Int32(64), "steps 1 to 7"), (["--sequence", "101"], 64, "sequences 1 to 100"),
    (["--length", "1"], 64, "--length 1"), (["--count", "0"], 64, "whole numbers from 1"),
    (["--format", "csv", "--count", "2"], 64, "csv has all"), (["0123"], 66, "it has no trial '0123'"),
  ])
  func whatThereIsNotIsRefused(options: [String], status: Int32, words: String) throws {
    let found = try program.run(["outputs", try train()] + options)
    #expect(found.status == status && found.output.isEmpty)
    #expect(found.errors.contains(words), "\(found.errors)")
  }
}
