import Experiments
import Figures
import Foundation
import GradientFlow
import Testing

@Suite("Theory in the figures") struct TheoryInFiguresTests {
  private func drawing(_ run: Run, _ name: FigureName) throws -> FigureDrawing {
    let (drawings, omitted) = try FigureSet(run, names: [name]).drawings()
    return try #require(drawings.first, "omitted: \(omitted)")
  }

  // MARK: - Rate

  @Test func rateHasWhatTheorySaysOfEachPoint() async throws {
    let tiny = try await TinyRun(
      "cells: [rnn, lstm, gru]\nspectral_radius: [0.5, 1.2]\nsequence_length: 14\nseeds: 3\n")
    let found = rows(ofCSV: try drawing(tiny.run, .rate).table.csv)
    #expect(found.count == 6)
    let theory = TrialTheory()
    for row in found {
      let trials = tiny.run.trials.filter {
        $0.cell.rawValue == row["cell"] && CSVField.number($0.spectralRadius) == row["spectral_radius"]
      }
      #expect(trials.count == 3)
      let predictions = try trials.map { theory.predictions($0, try #require(try tiny.run.record($0))) }
      func mean(_ prediction: SlopePrediction) -> String {
        let values = predictions.compactMap { $0[prediction] }
        return values.isEmpty ? "" : CSVField.number(values.reduce(0, +) / Double(values.count))
      }
      #expect(row["mean_field_low"] == CSVField.number(theory.band(trials[0])?.lower))
      #expect(row["mean_field_high"] == CSVField.number(theory.band(trials[0])?.upper))
      #expect(row["lyapunov_rate_mean"] == mean(.lyapunov))
      #expect(row["forget_path_rate_mean"] == mean(.forgetPath))
      #expect(row["tied_mean_field"] == mean(.tiedMeanField))
      #expect(row["pascanu_bound_mean"] == mean(.pascanuBound))
      #expect(row["lyapunov_rate_mean"] != "")
      #expect((row["mean_field_low"] == "") == (row["cell"] != "rnn"))
      #expect((row["tied_mean_field"] == "") == (row["cell"] != "lstm"))
    }
  }

  /// The columns that theory is drawn from, with the words of its entry in the legend.
  private static let kinds = [
    ("mean_field_low:mean_field_high", "mean field of a plain RNN"),
    ("lyapunov_rate_mean", "Lyapunov exponent"), ("tied_mean_field with", "tied dynamic mean field"),
    ("forget_path_rate_mean", "forget path (a reference"), ("pascanu_bound_mean", "(Pascanu)"),
  ]

  @Test(arguments: [
    ("cells: [rnn, lstm]", [true, true, true, true, true]), ("cells: rnn", [true, true, false, false, true]),
    ("cells: lstm", [false, true, true, true, false]), ("cells: gru", [false, true, false, false, false]),
    ("cells: [rnn, lstm]\ninitializer: identity", [false, true, false, true, true]),
    ("cells: [rnn, lstm]\nloss: cross-entropy-every-step", [false, false, false, false, false]),
    ("cells: [rnn, lstm]\nclip: {step-norm: 0.01}", [false, false, false, false, false]),
    // No rate, nothing beside it.
    ("cells: rnn\nspectral_radius: 0", [false, false, false, false, false]),
  ])
  func theLegendNamesWhatIsDrawn(_ yaml: String, _ expected: [Bool]) async throws {
    let tiny = try await TinyRun(yaml + "\nsequence_length: 6\nseeds: 1\n")
    let script = try drawing(tiny.run, .rate).script
    let plots = script.split(separator: "\n").filter { $0.contains("data skip 1") }.joined(separator: "\n")
    let keys = script.split(separator: "\n").filter { $0.contains("keyentry") }.joined(separator: "\n")
    for ((column, words), isDrawn) in zip(Self.kinds, expected) {
      #expect(plots.contains(column) == isDrawn, "\(column)")
      #expect(keys.contains(words) == isDrawn, "\(words)")
    }
    let isPlain = tiny.run.trials.contains(where: \.hasPlainDecay)
    #expect(keys.contains("log10 ρ: linear prediction (not a criterion)") == isPlain)
    #expect(script.contains("log10(x)") == isPlain)
  }

  // MARK: - Phase

  /// The dashed lines of a script: from x, y to x, y.
  private func criticalLines(_ script: String) -> [[Double]] {
    script.split(separator: "\n").filter { $0.contains("#D6006C") }.map { line in
      let numbers = line.split(separator: "nohead")[0].split { !"-.0123456789".contains($0) }
      return numbers.compactMap { Double($0) }
    }
  }

  /// Where ρ stands on an axis whose columns are at 0, 1, 2….
  private func column(_ radius: Double, _ radii: [Double]) -> Double {
    guard let next = radii.firstIndex(where: { $0 > radius }) else { return .nan }
    return Double(next - 1) + (radius - radii[next - 1]) / (radii[next] - radii[next - 1])
  }

  @Test func theCriticalLineIsWhereMeanFieldPutsIt() async throws {
    let radii = [0.5, 0.9, 1.3, 2, 3]
    let tiny = try await TinyRun(
      "cells: [rnn, lstm]\nspectral_radius: [0.5, 0.9, 1.3, 2, 3]\ninput_scale: [0, 0.7]\nsequence_length: 5\n"
        + "seeds: 1\n")
    let drawing = try drawing(tiny.run, .phase)
    #expect(drawing.script.contains("mean-field critical line χ = 1"))
    let critical = [0, 0.7].map { MeanField.criticalWeight(inputScale: $0) }
    #expect(critical[0] == 1 && critical[1] > 1.1)
    let finite = GaussianSpectralRadius.mean(size: 6)
    let expected = [1, finite].flatMap { factor -> [[Double]] in
      let x = critical.map { column($0 * factor, radii) }
      return [[x[0], -0.5, x[0], 0], [x[0], 0, x[1], 1], [x[1], 1, x[1], 1.5]]
    }
    let found = criticalLines(drawing.script)
    // Those of the plain RNN alone: its panel stands first.
    #expect(found.count == 6)
    for (a, b) in zip(found, expected) {
      #expect(zip(a, b).allSatisfy { abs($0 - $1) < 1e-5 } && a.count == 4, "\(a) \(b)")
    }
    let place = try #require(drawing.script.range(of: "#D6006C", options: .backwards))
    #expect(
      drawing.script[place.upperBound...].contains("lstm")
        || drawing.script[place.upperBound...].contains("LSTM"))
  }

  @Test(arguments: [
    ("cells: rnn\ninitializer: orthogonal", 3), ("cells: rnn-linear", 6), ("cells: rnn", 6),
    ("cells: [lstm, gru]", 0), ("cells: rnn\ninitializer: identity", 0),
    ("cells: rnn\nclip: {step-norm: 1}", 0),
    ("cells: rnn\nloss: cross-entropy-every-step", 0),
    // χ = 1 lies at no radius of the axis.
    ("cells: rnn\nspectral_radius: [2, 3]", 0), ("cells: rnn\nspectral_radius: 0.5", 0),
  ])
  func theCriticalLineIsThereWhereItIsKnown(_ yaml: String, _ count: Int) async throws {
    let axis = yaml.contains("spectral_radius") ? "" : "\nspectral_radius: [0.5, 0.9, 1.2, 2]"
    let tiny = try await TinyRun(yaml + axis + "\nsequence_length: [2, 3]\nseeds: 1\ninput_scale: 0.01\n")
    let script = try drawing(tiny.run, .phase).script
    #expect(criticalLines(script).count == count)
    #expect(script.contains("critical line") == (count > 0))
  }

  // MARK: - Theory

  @Test func everyTrialIsAPointOfEachTheory() async throws {
    let tiny = try await TinyRun(
      "cells: [rnn, lstm]\nspectral_radius: [0, 0.5, 1.2]\nsequence_length: 14\nclip: [none, {step-norm: 1}]\n"
        + "seeds: 2\n")
    let drawing = try drawing(tiny.run, .theory)
    let found = rows(ofCSV: drawing.table.csv)
    let theory = TrialTheory()
    var expected = 0
    for trial in tiny.run.trials where trial.hasPlainDecay {
      let record = try #require(try tiny.run.record(trial))
      let predictions = theory.predictions(trial, record)
      for prediction in SlopePrediction.allCases where prediction != .meanFieldUpper {
        let own = found.filter { $0["trial"] == trial.id && $0["prediction"] == prediction.rawValue }
        guard let residual = predictions.residual(prediction, of: record.decayRate),
          let low = predictions[prediction]
        else {
          #expect(own.isEmpty)
          continue
        }
        expected += 1
        let high = prediction == .meanFieldLower ? predictions[.meanFieldUpper] ?? .nan : low
        let row = try #require(own.first)
        #expect(own.count == 1)
        #expect(row["decay_rate"] == CSVField.number(record.decayRate))
        #expect(row["predicted_low"] == CSVField.number(low))
        #expect(row["predicted_high"] == CSVField.number(high))
        #expect(row["predicted"] == CSVField.number((low + high) / 2))
        #expect(row["residual"] == CSVField.number(residual))
      }
    }
    #expect(found.count == expected && expected == 28)
    let count = tiny.run.trials.count { $0.hasPlainDecay }
    #expect(count == 12 && drawing.script.contains("all 12 trials"))
  }

  @Test(arguments: [
    ("cells: rnn", ["log10_rho", "pascanu_bound", "mean_field_low", "lyapunov"]),
    ("cells: lstm", ["lyapunov", "forget_path", "tied_mean_field"]), ("cells: gru", ["lyapunov"]),
  ])
  func aPanelStandsForEachTheoryOfTheCells(_ yaml: String, _ expected: [String]) async throws {
    // A single trial, too, is drawn.
    let tiny = try await TinyRun(yaml + "\nsequence_length: 6\nseeds: 1\n")
    let drawing = try drawing(tiny.run, .theory)
    let found = rows(ofCSV: drawing.table.csv)
    #expect(found.compactMap { $0["prediction"] } == expected)
    #expect(drawing.script.contains("Lyapunov exponent λ_1 / ln 10"))
    #expect(drawing.script.contains("LSTM: ") == yaml.contains("lstm"))
    #expect(drawing.script.contains("Pascanu") == yaml.contains("rnn"))
  }

  @Test(arguments: [
    (
      "cells: rnn\nloss: cross-entropy-every-step\nsequence_length: 6",
      "no plain decay rate: every trial has a loss at every step or clips its gradients on the way"
    ),
    (
      "cells: rnn\nclip: {step-norm: 1}\nsequence_length: 6",
      "no plain decay rate: every trial has a loss at every step or clips its gradients on the way"
    ),
    ("cells: rnn\nsequence_length: 1", "no finished trial has a decay rate"),
    ("cells: rnn\nspectral_radius: 0\nsequence_length: 6", "no finished trial has a decay rate"),
  ])
  func theoryIsLeftOutWithItsReason(_ yaml: String, _ reason: String) async throws {
    let tiny = try await TinyRun(yaml + "\nseeds: 1\n")
    let (drawings, omitted) = try FigureSet(tiny.run, names: [.theory]).drawings()
    #expect(drawings.isEmpty)
    guard case .omitted(.theory, reason)? = omitted.first else {
      Issue.record("\(omitted)")
      return
    }
  }

  // MARK: - Scripts

  private static let runs = [
    "cells: gru\nsequence_length: 6\nseeds: 1\n", "cells: rnn\nsequence_length: 1\nseeds: 1\n",
    "cells: [rnn-linear, lstm]\nspectral_radius: [0, 1, 1e6]\ninput_scale: [0, 1e6, 1e300]\nsequence_length: 6\n"
      + "forget_bias: [-1e6, 1e6]\nseeds: 1\n",
  ]

  @Test(.enabled(if: hasGnuplot, "gnuplot is not installed"), arguments: runs)
  func scriptsOfSmallAndStrangeRunsAreDrawn(_ yaml: String) async throws {
    let tiny = try await TinyRun(yaml)
    for outcome in try await FigureSet(tiny.run, names: [.rate, .phase, .theory]).render([.svg]) {
      switch outcome {
      case .written(_, _, let warnings): #expect(warnings == [], "\(outcome.name)")
      case .omitted(let name, _): #expect(name == .theory && yaml.contains("sequence_length: 1\n"))
      }
    }
  }
}
