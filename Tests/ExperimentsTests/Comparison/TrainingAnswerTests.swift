import Experiments
import GradientFlow
import Testing

@Suite("The answer of training runs") struct TrainingAnswerTests {
  /// What one seed ended with.
  private enum End { case solved(Double), learned(Double), vanished, exploded }

  private func record(_ end: End, engaged: Double, steps: Int) -> TrialRecord {
    var record = TrialRecord(status: .ok)
    record.chanceLoss = 1
    record.testLoss = 1
    var (largest, profile) = (0.0, [Double](repeating: 0, count: steps + 1))
    switch end {
    case .solved(let update): (record.solvedAt, record.testLoss) = (update, 0.1)
    case .learned(let loss): record.testLoss = loss
    case .vanished: profile = (0...steps).map { -0.5 * Double(steps - $0) }
    case .exploded: largest = 3
    }
    record.training = TrainingRecord(
      rows: ColumnTable(
        rows: 2,
        columns: [
          .iteration: [50, 100], .engaged: [engaged, engaged], .loss: [1, 1], .updates: [50, 50],
          .gradBefore: [0, 0], .gradBeforeMax: [0, largest], .gradAfter: [0, 0], .testLoss: [.nan, .nan],
        ]),
      profiles: ColumnTable(
        rows: steps + 1,
        columns: [
          .iteration: profile.map { _ in 1 }, .t: (0...steps).map(Double.init), .hidden: profile,
        ]))
    return record
  }

  private func answer(
    _ lines: String, task: String = "{kind: adding}", _ end: (TrialParameters) -> End
  ) throws -> [String] {
    let trials = try parse("task: \(task)\niterations: 100\n" + lines).trials
    var settings: [(length: Int, methods: [(method: TrainingMethod, found: [MethodTraining])])] = []
    for trial in trials {
      let share = trial.clip == .none ? 0 : 0.2
      let run = MethodTraining(trial, record(end(trial), engaged: share, steps: trial.sequenceLength))
      let s = settings.firstIndex { $0.length == trial.sequenceLength } ?? settings.count
      if s == settings.count { settings.append((trial.sequenceLength, [])) }
      let method = TrainingMethod(trial)
      let m = settings[s].methods.firstIndex { $0.method == method } ?? settings[s].methods.count
      if m == settings[s].methods.count { settings[s].methods.append((method, [])) }
      settings[s].methods[m].found.append(run)
    }
    return TrainingAnswer(
      settings.map { setting in
        TrainingSetting(
          "T = \(setting.length)", setting.methods.map { TrainingMethodResult($0.method, $0.found) })
      }
    ).lines
  }

  @Test func whoSolvedItWhatClippingDidAndWhatFailed() throws {
    let lines = try answer(
      "cells: rnn\nsequence_length: [20, 50]\nclip: [none, {global-norm: 1}]\nseeds: 10"
    ) { trial in
      if trial.sequenceLength == 20 { return .solved(100) }
      if trial.clip != .none { return .solved(20_000) }
      return trial.seed < 9 ? .vanished : .exploded
    }
    #expect(
      lines == [
        "T = 20: solved by all, in 10 of 10 seeds (95 % CI 72 to 100 %) each, after 100 updates (medians); "
          + "T = 50: solved by rnn with clip 1 in 10 of 10 seeds after 20,000 updates, rnn without clipping in 0 of 10 "
          + "(0 to 28 %).",
        "clip 1 changed 20 % of the updates (safety net), and solved 10 of 10 seeds instead of 0 of 10 at T = 50.",
        "Failed: rnn without clipping at T = 50 vanished in 9 of 10 seeds, exploded in 1.",
      ])
  }

  /// Three seeds of three against none of three is no proof.
  @Test func overlappingIntervalsAreSaidToOverlap() throws {
    let lines = try answer("cells: rnn\nclip: [none, {global-norm: 1}]\nseeds: 3") { trial in
      trial.clip == .none ? .vanished : .solved(100)
    }
    #expect(lines.count == 3)
    #expect(lines[1].hasSuffix("solved 3 of 3 seeds instead of 0 of 3 (95 % CIs overlap)."), "\(lines)")
  }

  @Test func whatIsNotSolvedMayBeLearned() throws {
    let lines = try answer("cells: [rnn, lstm]\nforget_bias: 1\nseeds: 3") { trial in
      trial.cell == .rnn ? .vanished : .learned(0.5)
    }
    #expect(
      lines == [
        "No seed solved the task (3 of each method). Better than chance: lstm (test loss 0.5 ± 0, chance 1).",
        "Failed: rnn vanished in 3 of 3 seeds.",
      ])
  }

  /// Settings of several values are not listed one after the other.
  @Test func manySettingsThatFailedAreCounted() throws {
    let trials = try parse("task: {kind: adding}\niterations: 100\ncells: rnn\nseeds: 1").trials
    func lines(_ labels: [String], failing: Int) -> [String] {
      TrainingAnswer(
        labels.enumerated().map { k, label in
          TrainingSetting(
            label,
            trials.map { trial in
              TrainingMethodResult(
                TrainingMethod(trial),
                [
                  MethodTraining(
                    trial,
                    record(k < failing ? .vanished : .solved(50), engaged: 0, steps: trial.sequenceLength))
                ])
            })
        }
      ).lines
    }
    let labels = [1, 2].flatMap { l in ["false", "true"].map { "L = \(l), tied \($0)" } }
    let found = (2...4).map { lines(labels, failing: $0).last ?? "" }
    #expect(found[0] == "Failed: rnn at L = 1, tied false and at L = 1, tied true vanished in 1 of 1 seeds.")
    #expect(found[1] == "Failed: rnn at 3 of 4 settings vanished in 1 of 1 seeds.")
    #expect(found[2] == "Failed: rnn at all 4 settings vanished in 1 of 1 seeds.")
    let lengths = (1...3).map { "T = \($0)0" }
    #expect(
      lines(lengths, failing: 3).last == "Failed: rnn at T = 10, T = 20 and T = 30 vanished in 1 of 1 seeds.")
  }
}
