import Experiments
import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("Outputs of trials") struct TrialOutputsTests {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func run(_ lines: String, trains: Bool = true) async throws -> Run {
    let text = """
      name: outputs
      hidden_size: 5
      batch_size: 4
      seeds: 1
      \(trains ? "iterations: 3\nevaluation_size: 100\n" : "")\(lines)
      """
    let specification = try SweepSpecification.read(path: directory.write(text, to: "outputs.yaml"))
    let path = directory.file("run")
    _ = try await Sweep(specification, directory: path, options: SweepOptions(jobs: 1)).execute()
    return try Run(directory: path)
  }

  // The trained network is that of the tests: all sequences together have the loss of the last one.
  @Test(arguments: ["precision: float64", "precision: float32\nlayers: 2\nembedding_size: 3\nmin_length: 3"])
  func theModelIsTheTrainedNetwork(lines: String) async throws {
    let run = try await run("task: {kind: reversal, symbols: 3}\ncells: lstm\nsequence_length: 5\n" + lines)
    let record = try #require(try run.record(run.trials[0]))
    let all = try (1...100).map { try TrialOutputs(of: run, sequence: $0).reading }
    let steps = all.flatMap(\.steps)
    func mean(_ loss: (SequenceReading.Step) -> Double?) -> Double {
      steps.reduce(0) { $0 + (loss($1) ?? .nan) } / Double(steps.count)
    }
    let bound = lines.contains("float64") ? 1e-12 : 1e-5
    #expect((mean { $0.forced.loss } - (try #require(record.testLoss))).magnitude < bound)
    let own = try #require(record.training?.rows.values(.testOwnLoss).last)
    #expect((mean { $0.own?.loss } - own).magnitude < bound)
    #expect(try TrialOutputs(of: run).updates == 3)
  }

  @Test func theTableHasEveryOutputOfEveryStep() async throws {
    let run = try await run("task: {kind: reversal, symbols: 3}\ncells: gru\nsequence_length: 4")
    let outputs = try TrialOutputs(of: run, trial: String(run.trials[0].id.prefix(5)), sequence: 7, length: 6)
    let table = CSVRows(OutputsCSV.text(outputs))
    #expect(table.rows.count == 6 * 2 * 3)
    for t in 1...6 {
      for way in ["forced", "own"] {
        let own = table.rows(where: ["t": "\(t)", "predictions": way, "sequence": "7"])
        #expect(own.map { $0["output"] } == ["0", "1", "2"])
        let sum = own.compactMap { $0["value"].flatMap(Double.init) }.reduce(0, +)
        #expect((sum - 1).magnitude < 1e-6)
        #expect(own.compactMap { $0["target"] }.sorted() == ["0", "0", "1"])
      }
    }
    #expect(table.rows(where: ["t": "1"]).allSatisfy { $0["input"] == "start" })
    #expect(CSVRows(OutputsCSV.text(outputs, step: 2)).rows == table.rows(where: ["t": "2"]))
    let text = OutputsText(outputs).whole(among: run.trials)
    #expect(text.contains("the encoder reads: ") && text.contains("test sequence 7 of 100, T = 6"))
    #expect(text.contains("own ŷ(2)") && text.contains("teacher forcing: mean loss"))
  }

  @Test func charactersAreShownAndOneStepHasAllOfThem() async throws {
    let path = try directory.write(
      String(repeating: "hear the sea, \"she\" said\n", count: 40), to: "sea.txt")
    let run = try await run("task: {kind: text, path: \(path)}\ncells: rnn\nsequence_length: 8")
    let outputs = try TrialOutputs(of: run)
    let text = OutputsText(outputs, most: 2).whole(among: run.trials)
    #expect(text.contains("most probable") && !text.contains("own"))
    let step = try OutputsText(outputs).step(3, among: run.trials)
    for name in ["␣", "\\n", "\"", ",", "h", "target"] { #expect(step.contains(name), "\(name)") }
    #expect(OutputsCSV.text(outputs).contains(",\"\"\"\",") && OutputsCSV.text(outputs).contains(",\",\","))
    #expect(throws: OutputsError.self) { try OutputsText(outputs).step(9, among: run.trials) }
  }

  @Test func aRegressionIsComparedWithItsTargets() async throws {
    let run = try await run("task: {kind: adding}\ncells: rnn\nsequence_length: 120")
    let outputs = try TrialOutputs(of: run)
    let text = OutputsText(outputs).whole(among: run.trials)
    #expect(
      text.contains("squared error") && text.contains("119 other steps") && text.contains("of 1 outputs"))
    let table = CSVRows(OutputsCSV.text(outputs))
    #expect(table.rows.count == 120 && table.rows.count { $0["target"] == "" } == 119)
  }

  // Without training, the network is that of the sweep.
  @Test func aSweepHasItsDrawnNetwork() async throws {
    let run = try await run("task: {kind: temporal-order}\ncells: gru\nsequence_length: 10", trains: false)
    let outputs = try TrialOutputs(of: run)
    #expect(outputs.updates == nil && outputs.reading.steps.count == 10)
    #expect(OutputsText(outputs).whole(among: run.trials).contains("as drawn, untrained"))
  }

  @Test func whatThereIsNotIsRefused() async throws {
    let run = try await run("task: {kind: echo, delay: 2, symbols: 3}\ncells: [rnn, gru]\nsequence_length: 6")
    func problem(_ outputs: () throws -> TrialOutputs) -> String {
      do {
        _ = try outputs()
        return ""
      } catch {
        return "\(error)"
      }
    }
    #expect(problem { try TrialOutputs(of: run, sequence: 101) }.contains("sequences 1 to 100"))
    #expect(problem { try TrialOutputs(of: run, sequence: 0) }.contains("sequences 1 to 100"))
    #expect(problem { try TrialOutputs(of: run, length: 2) }.contains("--length 2: "))
    #expect(problem { try TrialOutputs(of: run, trial: "zzz") }.contains("it has no trial 'zzz'"))
    let (first, second) = (run.trials[0].id, run.trials[1].id)
    let models = directory.file("run/models/")
    try FileManager.default.removeItem(atPath: models + "\(first).safetensors")
    #expect(problem { try TrialOutputs(of: run, trial: first) }.contains("no model"))
    // Without a name it is the first that has one.
    #expect(try TrialOutputs(of: run).trial.id == second)
    try FileManager.default.copyItem(
      atPath: models + "\(second).safetensors", toPath: models + "\(first).safetensors")
    #expect(problem { try TrialOutputs(of: run, trial: first) }.contains("is not the model of trial"))
    try FileManager.default.removeItem(atPath: models)
    #expect(problem { try TrialOutputs(of: run) }.contains("no training has ended"))
  }

  @Test func aLossWithoutOutputsSaysSo() async throws {
    let run = try await run("cells: rnn\nsequence_length: 4", trains: false)
    #expect(throws: OutputsError.self) { try TrialOutputs(of: run) }
  }
}
