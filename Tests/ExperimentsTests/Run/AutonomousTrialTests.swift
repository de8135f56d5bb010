import Experiments
import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("Trials that do not start at the zero state") struct AutonomousTrialTests {
  private func trials(_ lines: String) throws -> [TrialParameters] {
    try SweepSpecification.parse(text: "name: a\n" + lines, file: "a.yaml").trials
  }

  /// h_t of a tanh network from here on, [B][H], by plain sums.
  private func step(
    _ h: [[Double]], _ x: ArraySlice<Double>, _ p: RecurrentParameters<Double>
  ) -> [[Double]] {
    let inputs = p.inputSize
    return h.enumerated().map { b, row in
      row.indices.map { i in
        var a = 0.0
        for k in 0..<inputs { a += p.weightIH[i, k] * x[x.startIndex + b * inputs + k] }
        for j in row.indices { a += p.weightHH[i, j] * row[j] }
        return tanh(a)
      }
    }
  }

  /// The measured sequence starts where the washout ends, 150 steps in three pieces or a few in one.
  @Test(arguments: [0, 1, 64, 150], [0, 0.7])
  func theWashoutEndsInTheFirstState(_ washout: Int, _ scale: Double) throws {
    let trial = try #require(
      try trials(
        "cells: rnn\nhidden_size: 5\ninput_size: 2\nbatch_size: 3\nsequence_length: 4\nspectral_radius: 1.2\n"
          + "precision: float64\nseeds: [7]\nwashout: \(washout)\ninitial_state_scale: \(scale)"
      ).first)
    let problem = try TrialRunner().problem(trial, in: Double.self).problem
    var h = (0..<3).map { b in (0..<5).map { problem.firstState?.hidden[b * 5 + $0] ?? 0 } }
    #expect((problem.firstState == nil) == (scale == 0) && problem.washoutNumbers.count == washout * 6)
    for t in 0..<washout { h = step(h, problem.washoutNumbers[t * 6..<(t + 1) * 6], problem.parameters) }
    let found = try #require(problem.record())
    #expect(difference(Array(found.hidden.prefix(15)), h.flatMap { $0 }, absolute: 1e-12) == nil)
    // What is measured after it sees the same inputs whatever came before.
    var plain = trial
    (plain.washout, plain.initialStateScale) = (0, 0)
    #expect(try TrialRunner().problem(plain, in: Double.self).problem.numbers == problem.numbers)
    if washout > 0 { #expect(Array(problem.washoutNumbers.prefix(6)) != Array(problem.numbers.prefix(6))) }
  }

  @Test func bothStatesOfAnLSTMAreDrawn() throws {
    let all = try trials(
      "cells: [rnn, lstm, gru]\nhidden_size: 40\nbatch_size: 50\nsequence_length: 1\nseeds: 1\ninitial_state_scale: 0.5"
    )
    let states = try all.map { try TrialRunner().problem($0, in: Double.self).problem.firstState }
    let lstm = try #require(states[1])
    // Every cell has the same h_0, and only the LSTM another c_0.
    #expect(states[0]?.hidden == lstm.hidden && states[2]?.hidden == lstm.hidden)
    #expect(states[0]?.cell == nil && states[2]?.cell == nil)
    let cell = try #require(lstm.cell)
    #expect(cell != lstm.hidden)
    for state in [lstm.hidden, cell] {
      let square = state.reduce(0) { $0 + $1 * $1 } / Double(state.count)
      #expect((square.squareRoot() - 0.5).magnitude < 0.03)
    }
  }

  /// Known values of networks without input that do not stay at the fixed point 0, mean of five seeds; at the fixed
  /// point a tanh network of radius 2 grows by log10 2 = 0.301 a step.
  @Test func withoutInputNetworksDoNotGrowAsTheirLinearisation() throws {
    let sizes =
      "hidden_size: 64\nbatch_size: 8\nsequence_length: 100\nseeds: 5\nprecision: float64\ninput_scale: 0\n"
    func mean(_ lines: String) throws -> Double {
      let rates = try trials(sizes + lines).map { try #require(TrialRunner().run($0).decayRate) }
      return rates.reduce(0, +) / Double(rates.count)
    }
    let start = "initial_state_scale: 0.5\n"
    #expect((try mean("cells: rnn\nspectral_radius: 2") - 0.301).magnitude < 0.02)
    #expect((try mean(start + "cells: rnn\nspectral_radius: 2") - 0.044).magnitude < 0.02)
    #expect((try mean(start + "cells: lstm\nspectral_radius: 1.25") + 0.0057).magnitude < 0.01)
    #expect((try mean(start + "cells: lstm\nspectral_radius: 3") - 0.019).magnitude < 0.01)
  }

  @Test func aWashoutThatDivergesIsSaidWhere() throws {
    let trial = try #require(
      try trials(
        "cells: rnn-linear\ninitializer: identity\nspectral_radius: 1e6\nhidden_size: 2\ninput_size: 1\n"
          + "batch_size: 1\nsequence_length: 3\nseeds: 1\nwashout: 100"
      ).first)
    let record = TrialRunner().run(trial)
    let step = try #require(record.divergedAt)
    #expect(record.status == .diverged && (-95..<(-85)).contains(step))
  }

  /// A washout shorter than the task's shortest sequence is the end of one.
  @Test func tasksGiveTheWashoutItsInputs() throws {
    let lines =
      "task: {kind: copy-memory}\ncells: rnn\nhidden_size: 3\nbatch_size: 2\nsequence_length: 25\nseeds: 1\n"
    for washout in [1, 5, 30] {
      let trial = try #require(try trials(lines + "washout: \(washout)").first)
      let problem = try TrialRunner().problem(trial, in: Double.self).problem
      #expect(problem.washoutNumbers.count == washout * 2 * 10)
      // One-hot, and the recall at the end is blank.
      #expect(
        problem.washoutNumbers.suffix(20).indices.allSatisfy {
          (problem.washoutNumbers[$0] == 1) == ($0 % 10 == 8)
        })
      #expect(TrialRunner().run(trial).status == .ok)
    }
  }

  @Test(arguments: ["initial_state_scale: 0.5", "washout: 10"])
  func trainingHasNoStartOfItsOwn(_ line: String) throws {
    do throws(SpecificationError) {
      _ = try SweepSpecification.parse(
        text: "name: a\ntask: {kind: adding}\niterations: 5\n\(line)", file: "a.yaml")
      Issue.record("\(line) in a training")
    } catch {
      #expect(error.kind == .contradiction && error.description.contains("remove iterations"), "\(error)")
    }
    // At its default it says nothing.
    _ = try SweepSpecification.parse(
      text: "name: a\ntask: {kind: adding}\niterations: 5\ninitial_state_scale: 0\nwashout: 0", file: "a.yaml"
    )
  }

  @Test func theColumnsStandWhereTheyAreUsed() async throws {
    let directory = try TemporaryDirectory()
    for (name, line, ending) in [
      ("plain", "", ",residual_tied_mean_field"),
      ("chosen", "washout: [0, 2]", ",initial_state_scale,washout"),
    ] {
      let specification = try SweepSpecification.parse(
        text: "name: c\ncells: rnn\nhidden_size: 3\nsequence_length: 3\nseeds: 1\n" + line, file: "c.yaml")
      let sweep = try Sweep(specification, directory: directory.file(name), options: SweepOptions(jobs: 1))
      _ = try await sweep.execute()
      try await sweep.run.exportCSV()
      let rows = try directory.read(name + "/trials.csv").split(separator: "\n")
      #expect(rows[0].hasSuffix(ending), "\(rows[0])")
      if !line.isEmpty { #expect(rows[1].hasSuffix(",0,0") && rows[2].hasSuffix(",0,2")) }
      #expect(try directory.read(name + "/spec.yaml").contains("washout") == !line.isEmpty)
      // Reproduction runs the washout too.
      for trial in sweep.run.trials {
        #expect(try TrialReproduction(directory: directory.file(name), trial: trial.id).differences.isEmpty)
      }
    }
  }
}
