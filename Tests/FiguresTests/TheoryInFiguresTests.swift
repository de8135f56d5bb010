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

  /// Whether a field is a number, rounded as data that are drawn.
  private func isClose(_ field: String?, _ value: Double?) -> Bool {
    guard let value, let number = field.flatMap(Double.init) else { return false }
    return abs(number - value) <= 1e-7 * abs(value)
  }

  // MARK: - Rate

  @Test func rateHasWhatTheorySaysOfEachPoint() async throws {
    let tiny = try await TinyRun(
      "cells: [rnn, lstm, gru]\nspectral_radius: [0.5, 0.9, 1.2]\nsequence_length: 14\nseeds: 3\n")
    let found = rows(ofCSV: try drawing(tiny.run, .rate).table.csv)
    #expect(found.count == 9)
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
      #expect(row["lyapunov_rate_mean"] != "")
      #expect((row["mean_field_low"] == "") == (row["cell"] != "rnn"))
      #expect((row["tied_mean_field"] == "") == (row["cell"] != "lstm"))
    }
  }

  /// The columns that theory is drawn from, with the words of its entry in the legend.
  private static let kinds = [
    ("mean_field_low:mean_field_high", "plain RNN: mean field"),
    ("lyapunov_rate_mean", "Lyapunov exponent"), ("tied_mean_field with", "tied dynamic mean field"),
    ("forget_path_rate_mean", "forget path (a reference"),
  ]

  @Test(arguments: [
    ("cells: [rnn, lstm]", [true, true, true, true]), ("cells: rnn", [true, true, false, false]),
    ("cells: lstm", [false, true, true, true]), ("cells: gru", [false, true, false, false]),
    ("cells: [rnn, lstm]\ninitializer: identity", [false, true, false, true]),
    ("cells: [rnn, lstm]\nloss: cross-entropy-every-step", [false, false, false, false]),
    ("cells: [rnn, lstm]\nclip: {step-norm: 0.01}", [false, false, false, false]),
    // Six curves leave room for one theory.
    ("cells: [rnn, rnn-relu, rnn-linear, gru, lstm]\nforget_bias: [0, 1]", [true, false, false, false]),
  ])
  func theLegendNamesWhatIsDrawn(_ yaml: String, _ expected: [Bool]) async throws {
    let tiny = try await TinyRun(yaml + "\nspectral_radius: [0.5, 0.9, 1.2]\nsequence_length: 6\nseeds: 1\n")
    let script = try drawing(tiny.run, .rate).script
    let plots = script.split(separator: "\n").filter { $0.contains("data skip 1") }.joined(separator: "\n")
    let keys = script.split(separator: "\n").filter { $0.contains("keyentry") }
    #expect(keys.count <= 7)
    for ((column, words), isDrawn) in zip(Self.kinds, expected) {
      #expect(plots.contains(column) == isDrawn, "\(column)")
      #expect(keys.contains { $0.contains(words) } == isDrawn, "\(words)")
    }
    let isPlain = tiny.run.trials.contains(where: \.hasPlainDecay) && !yaml.contains("rnn-relu")
    #expect(keys.contains { $0.contains("linear: log_{10} ρ") } == isPlain)
  }

  @Test func curvesAreNotJoinedAcrossGaps() async throws {
    let tiny = try await TinyRun(
      "cells: rnn\nspectral_radius: [0.5, 0.6, 0.7, 16]\nsequence_length: 6\nseeds: 1\n")
    let lines = try drawing(tiny.run, .rate).script.split(separator: "\n").filter {
      $0.contains("decay_rate_mean with lines")
    }
    #expect(lines.count == 1 && lines[0].contains("every 1::0::2 "))
  }

  /// The statement says of each place what the table says of it, and the table what `Trend` says.
  @Test func statementTableAndJudgementAgree() async throws {
    let tiny = try await TinyRun(
      "cells: rnn-linear\nspectral_radius: [0.3, 0.6, 1, 1.5, 4]\nsequence_length: 30\nseeds: 4\n")
    let drawing = try drawing(tiny.run, .rate)
    for row in rows(ofCSV: drawing.table.csv) {
      let trials = tiny.run.trials.filter { CSVField.number($0.spectralRadius) == row["spectral_radius"] }
      let rate = try #require(MeanInterval(try trials.compactMap { try tiny.run.record($0)?.decayRate }))
      let claims: [Trend: String] = [
        .falls: "vanishes", .grows: "explodes", .steady: "steady", .open: "open", .edge: "edge",
      ]
      #expect(row["claim"] == claims[Trend(rate, steps: 30)])
    }
    #expect(drawing.plot.statement.hasPrefix("rnn-linear vanishes up to ρ = 0.6"))
    #expect(drawing.plot.statement.hasSuffix("explodes from 1.5"))
  }

  // MARK: - Phase

  /// The dashed lines over a map: the points of each.
  private func criticalLines(_ script: String) -> [[[Double]]] {
    let lines = script.split(separator: "\n").map(String.init)
    guard let type = lines.firstIndex(where: { $0.hasPrefix("set linetype") && $0.contains("#D6006C") })
    else {
      return []
    }
    let number = lines[type].split(separator: " ")[2]
    let names = lines.filter { $0.contains("$guide") && $0.contains("with lines linetype \(number) ") }
      .compactMap { line in line.split(separator: " ").first { $0.hasPrefix("$guide") }.map(String.init) }
    return names.compactMap { name in
      guard let start = lines.firstIndex(of: "\(name) << EOD") else { return nil }
      return lines[(start + 1)...].prefix { $0 != "EOD" }.map {
        $0.split(separator: ",").compactMap { Double($0) }
      }
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
      "cells: rnn\nspectral_radius: [0.5, 0.9, 1.3, 2, 3]\ninput_scale: [0, 0.7]\nsequence_length: 5\nseeds: 1\n"
    )
    let drawing = try drawing(tiny.run, .phase)
    #expect(drawing.script.contains("mean field: χ = 1"))
    let critical = [0, 0.7].map { MeanField.criticalWeight(inputScale: $0) }
    #expect(critical[0] == 1 && critical[1] > 1.1)
    let finite = GaussianSpectralRadius.mean(size: 6)
    let found = criticalLines(drawing.script)
    // Below and above the numbers of both rows, for both scales.
    #expect(found.count == 8)
    for (k, line) in found.enumerated() {
      let (factor, row, isAbove) = ([1, finite][k / 4], k / 2 % 2, k % 2 == 1)
      let x = critical.map { column($0 * factor, radii) }
      for (point, distance) in zip(line, [0.28, 0.5]) {
        let y = Double(row) + (isAbove ? distance : -distance)
        let isBetween = (0...1).contains(y)
        let expected = isBetween ? x[0] + (x[1] - x[0]) * y : x[row]
        #expect(abs(point[0] - expected) < 1e-5 && abs(point[1] - y) < 1e-5, "\(line)")
      }
    }
  }

  @Test(arguments: [
    ("cells: rnn\ninitializer: orthogonal", 4), ("cells: rnn-linear", 8), ("cells: rnn", 8),
    ("cells: [lstm, gru]", 0), ("cells: rnn\ninitializer: identity", 0),
    ("cells: rnn\nclip: {step-norm: 1}", 0),
    ("cells: rnn\nloss: cross-entropy-every-step", 0),
    // χ = 1 lies at no radius of the axis.
    ("cells: rnn\nspectral_radius: [2, 3]", 0),
  ])
  func theCriticalLineIsThereWhereItIsKnown(_ yaml: String, _ count: Int) async throws {
    let axis = yaml.contains("spectral_radius") ? "" : "\nspectral_radius: [0.5, 0.9, 1.2, 2]"
    let tiny = try await TinyRun(yaml + axis + "\nsequence_length: [2, 3]\nseeds: 1\ninput_scale: 0.01\n")
    let script = try drawing(tiny.run, .phase).script
    #expect(criticalLines(script).count == count)
    #expect(script.contains("mean field: χ = 1") == (count > 0))
  }

  @Test func cellsShowTheDecadesOfTheMeanRate() async throws {
    let tiny = try await TinyRun(
      "cells: rnn\nspectral_radius: [0.5, 1, 4]\nsequence_length: [5, 20]\nseeds: 3\n")
    let drawing = try drawing(tiny.run, .phase)
    let found = rows(ofCSV: drawing.table.csv)
    #expect(found.count == 6)
    for row in found {
      let steps = try #require(row["sequence_length"].flatMap { Int($0) })
      let trials = tiny.run.trials.filter {
        $0.sequenceLength == steps && CSVField.number($0.spectralRadius) == row["spectral_radius"]
      }
      let rate = try #require(MeanInterval(try trials.compactMap { try tiny.run.record($0)?.decayRate }))
      #expect(row["decades_mean"] == CSVField.number(rate.mean * Double(steps - 1)))
      let side = rate.mean < 0 ? "−" : ""
      #expect(row["label"]?.hasPrefix(side) == true)
    }
    let vanishing = found.count { $0["claim"] == "vanishes" }
    #expect(drawing.plot.statement.contains("vanishes in \(vanishing) of 6 cells"))
  }

  /// Text, figures and table of random small runs: `compare`'s words and numbers, the cells of the map, the points of the
  /// curves and the sentences above them say the same of every point, and no more than its interval.
  @Test(arguments: 0..<6) func comparisonMapAndCurvesAgree(_ seed: Int) async throws {
    let tiny = try await TinyRun(
      "cells: [rnn, lstm]\nspectral_radius: [0.4, 1, 2.2]\nsequence_length: [6, 15]\nseeds: 3\nroot_seed: \(seed)\n"
    )
    let (map, curves) = (try drawing(tiny.run, .phase), try drawing(tiny.run, .rate))
    let (phase, rate) = (rows(ofCSV: map.table.csv), rows(ofCSV: curves.table.csv))
    let claims: [Trend: String] = [
      .falls: "vanishes", .grows: "explodes", .steady: "steady", .open: "open", .edge: "edge",
    ]
    var words: [String: [(label: String, words: String?)]] = [:]
    for group in try Comparison(tiny.run).groups {
      let steps = group.group.sequenceLength
      let radius = CSVField.number(group.group.trial.spectralRadius)
      for variant in group.variants {
        func own(_ row: [String: String]) -> Bool {
          row["cell"] == variant.variant.cell.rawValue && row["spectral_radius"] == radius
        }
        let interval = try #require(variant.rate)
        let half = try #require(interval.halfWidth)
        let judgement = VariantJudgement(variant, in: group.group)
        let claim = judgement.isContradicted ? "contradicted" : claims[Trend(interval, steps: steps)]
        if claim == "vanishes" { #expect(interval.mean + half < 0) }
        if claim == "explodes" { #expect(interval.mean - half > 0) }
        #expect(group.verdict.contains("\(judgement.name) \(judgement.behaviour)"))
        let cell = try #require(phase.first { own($0) && $0["sequence_length"] == "\(steps)" })
        #expect(cell["claim"] == claim)
        #expect(cell["decades_mean"] == CSVField.number(interval.mean * Double(steps - 1)))
        guard steps == 15 else { continue }
        words[variant.variant.cell.rawValue, default: []].append((radius, judgement.behaviour))
        let point = try #require(rate.first(where: own))
        #expect(point["claim"] == claim && point["decay_rate_mean"] == CSVField.number(interval.mean))
      }
    }
    for (cell, values) in words {
      #expect(curves.plot.statement.contains("\(cell) \(WordRanges(values, axis: "ρ = ").words)"))
      let vanishing = phase.count { $0["cell"] == cell && $0["claim"] == "vanishes" }
      #expect(map.plot.statement.contains("\(cell) vanishes in") == (vanishing > 0))
    }
  }

  // MARK: - Theory

  @Test func everyTrialIsAPointOfEachTheory() async throws {
    let tiny = try await TinyRun(
      "cells: [rnn, lstm]\nspectral_radius: [0, 0.5, 1.2]\nsequence_length: 14\nclip: [none, {step-norm: 1}]\n"
        + "seeds: 4\n")
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
        #expect(isClose(row["decay_rate"], record.decayRate))
        #expect(isClose(row["predicted_low"], low))
        #expect(isClose(row["predicted_high"], high))
        #expect(isClose(row["predicted"], (low + high) / 2))
        #expect(isClose(row["residual"], residual))
      }
    }
    #expect(found.count == expected && expected == 56)
    let count = tiny.run.trials.count { $0.hasPlainDecay }
    #expect(count == 24 && drawing.plot.caption.parts.contains { $0.contains("all 24 trials") })
  }

  @Test(arguments: [
    ("cells: rnn", ["log10_rho", "pascanu_bound", "mean_field_low", "lyapunov"]),
    ("cells: lstm", ["lyapunov", "forget_path", "tied_mean_field"]), ("cells: gru", ["lyapunov"]),
  ])
  func aPanelStandsForEachTheoryOfTheCells(_ yaml: String, _ predictions: [String]) async throws {
    let tiny = try await TinyRun(yaml + "\nspectral_radius: [0.3, 0.6, 1.2]\nsequence_length: 6\nseeds: 4\n")
    let drawing = try drawing(tiny.run, .theory)
    let found = rows(ofCSV: drawing.table.csv)
    let drawn = found.compactMap { $0["prediction"] }
    // Those that lie outside are named.
    let outside = drawing.plot.caption.parts.filter { $0.hasPrefix("not drawn") }
    #expect(
      Set(drawn).isSubset(of: predictions) && (drawn.count == 12 * predictions.count) == outside.isEmpty)
    #expect(drawing.script.contains("Lyapunov exponent λ_1 / ln 10"))
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
    (
      "cells: rnn\nsequence_length: 6",
      "1 trials have a decay rate; a comparison with theory needs 12"
    ),
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

  // MARK: - Nothing to show

  @Test(arguments: [
    (FigureName.phase, "spectral_radius: [0.5, 1, 2]", "a map needs two axes"),
    (.phase, "sequence_length: [3, 6]", "a map needs two axes"),
    (.rate, "sequence_length: 6", "no axis has several numbers"),
    (.rate, "spectral_radius: [0.85, 16]", "2 of the three numbers of spectral_radius"),
    (.contributions, "spectral_radius: 0", "hardly any steps make up each sum"),
  ])
  func aFigureThatWouldShowNothingIsLeftOut(_ name: FigureName, _ yaml: String, _ reason: String) async throws
  {
    let tiny = try await TinyRun("cells: rnn\nseeds: 1\n" + yaml + "\n")
    let (drawings, omitted) = try FigureSet(tiny.run, names: [name]).drawings()
    #expect(drawings.isEmpty)
    guard case .omitted(name, let found)? = omitted.first else { Issue.record("\(omitted)"); return }
    #expect(found.hasPrefix(reason), "\(found)")
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
      case .writtenBeside: Issue.record("\(outcome)")
      case .omitted: continue
      }
    }
  }
}
