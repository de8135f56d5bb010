import Experiments
import Figures
import Foundation
import Testing

@Suite struct DrawingTests {
  private func drawing(_ run: Run, _ name: FigureName) throws -> FigureDrawing {
    let (drawings, omitted) = try FigureSet(run, names: [name]).drawings()
    return try #require(drawings.first, "omitted: \(omitted)")
  }

  @Test func decayTableHoldsTheStoredNorms() async throws {
    let tiny = try await TinyRun("cells: [rnn, lstm]\nsequence_length: [3, 5]\nseeds: 1\n")
    let found = rows(ofCSV: try drawing(tiny.run, .decay).table.csv)
    let trial = try #require(tiny.run.trials.first { $0.cell == .rnn && $0.sequenceLength == 5 })
    let steps = try #require(try tiny.run.record(trial)?.steps)
    let curve = found.filter { $0["cell"] == "rnn" && $0["sequence_length"] == "5" }
    #expect(curve.map { $0["lag"] } == ["0", "1", "2", "3", "4"])
    for row in curve {
      let lag = try #require(row["lag"].flatMap { Int($0) })
      #expect(
        row["log10_median"].flatMap(Double.init).map {
          abs($0 - (steps[.hiddenMean, 5 - lag] ?? .nan)) < 1e-7
        } == true)
      #expect(row["seeds"] == "1")
    }
    #expect(Set(found.filter { $0["cell"] == "lstm" }.map { $0["gradient"] }) == ["h", "c"])
  }

  @Test func contributionSharesGrowToOne() async throws {
    let tiny = try await TinyRun("cells: [gru]\nsequence_length: 12\nseeds: 2\n")
    let shares = rows(ofCSV: try drawing(tiny.run, .contributions).table.csv).compactMap {
      $0["share_median"].flatMap(Double.init)
    }
    #expect(shares.count == 12)
    #expect(shares == shares.sorted())
    #expect(abs((shares.last ?? 0) - 1) < 1e-7)
  }

  @Test func rateIsTheMeanOverSeeds() async throws {
    let tiny = try await TinyRun(
      "cells: [rnn]\nspectral_radius: [0.5, 1, 2]\nsequence_length: 20\nseeds: 3\n")
    let rates = try tiny.run.trials.filter { $0.spectralRadius == 0.5 }
      .compactMap { try tiny.run.record($0)?.decayRate }
    let row = try #require(rows(ofCSV: try drawing(tiny.run, .rate).table.csv).first)
    let mean = try #require(row["decay_rate_mean"].flatMap(Double.init))
    #expect(abs(mean - rates.reduce(0, +) / 3) < 1e-14)
    #expect(row["trials_with_rate"] == "3")
  }

  @Test func exactZerosStandInTheDataAndOnTheAxis() async throws {
    let tiny = try await TinyRun(
      "cells: [rnn]\nspectral_radius: [0, 1]\nsequence_length: [4, 6]\nseeds: 2\n")
    let decay = try drawing(tiny.run, .decay)
    #expect(decay.table.csv.contains("-inf"))
    #expect(decay.script.contains("'0' "))
    let phase = try drawing(tiny.run, .phase)
    #expect(rows(ofCSV: phase.table.csv).contains { $0["claim"] == "zero" && $0["label"] == "−∞" })
  }

  @Test func thinsLongCurvesButKeepsTheirEnds() async throws {
    let tiny = try await TinyRun("cells: [rnn]\nsequence_length: 5000\nseeds: 1\n")
    for name in [FigureName.decay, .contributions] {
      let lags = rows(ofCSV: try drawing(tiny.run, name).table.csv).compactMap { $0["lag"] }
      #expect(lags.count <= 2000)
      #expect(lags.first == "0" && lags.last == "4999")
    }
  }

  @Test func scriptsFindTheirDataAndNameTheirTerminals() async throws {
    let tiny = try await TinyRun("cells: [rnn]\nspectral_radius: [0.5, 1, 2]\nsequence_length: 4\nseeds: 1\n")
    let script = try drawing(tiny.run, .rate).script
    for part in [
      "data = directory . \"rate.csv\"", "set datafile separator comma", "set encoding utf8",
      "set terminal svg size", "font \"DejaVu Sans,", "set terminal pngcairo size",
      "linecolor rgb '#0072B2'", "spectral_radius = 4; decay_rate_mean = 5",
    ] {
      #expect(script.contains(part), "\(part)")
    }
    #expect(!script.contains(tiny.directory))
  }

  @Test func captionSaysWhatWasHeldAndWhatIsMissing() async throws {
    let tiny = try await TinyRun(
      "cells: [lstm]\nforget_bias: [0, 2]\nspectral_radius: [0.5, 1]\nsequence_length: [3, 9]\nseeds: 3\n",
      then: ["seeds=4"])
    let script = try drawing(tiny.run, .phase).script
    let progress = try tiny.run.progress()
    #expect(progress.done < progress.total)
    #expect(script.contains("\(progress.done) of \(progress.total) trials"))
    #expect(script.contains("LSTM forget bias 0, 2"))
    #expect(script.contains("hidden size 6"))
  }

  @Test func warnsThatALossAtEveryStepHidesVanishing() async throws {
    let tiny = try await TinyRun(
      "cells: [rnn]\nloss: cross-entropy-every-step\nsequence_length: 4\nseeds: 1\n")
    #expect(try drawing(tiny.run, .decay).script.contains("use loss: cross-entropy-final"))
  }

  @Test func clippingNamesItsRulesAndWhatTheyCut() async throws {
    let tiny = try await TinyRun(
      "cells: rnn\nspectral_radius: [0.5, 4]\nsequence_length: 12\nclip: [none, {step-norm: 0.01}]\nseeds: 2\n"
    )
    let drawing = try drawing(tiny.run, .clipping)
    #expect(drawing.plot.title.hasSuffix("rnn, ρ = 4"))
    #expect(drawing.plot.statement.contains("the largest mean decay rate of the 2 clipped settings"))
    #expect(drawing.script.contains("step clip 0.01") && drawing.script.contains("% of steps"))
  }

  @Test func whatIsLeftOutIsNamedAndTheUsualValueStays() async throws {
    let tiny = try await TinyRun(
      "cells: rnn\nspectral_radius: [0.2, 0.4, 0.6, 0.8, 1, 1.2, 1.4, 1.6, 1.8]\nsequence_length: 4\nseeds: 1\n"
    )
    let drawing = try drawing(tiny.run, .decay)
    let shown = Set(rows(ofCSV: drawing.table.csv).compactMap { $0["spectral_radius"] })
    #expect(shown.count == 7 && shown.isSuperset(of: ["0.2", "1", "1.8"]))
    let left = tiny.run.trials.map { CSVField.number($0.spectralRadius) }.filter { !shown.contains($0) }
    #expect(
      drawing.plot.caption.parts.contains(
        "7 of 9 spectral radii shown, not ρ = \(left.joined(separator: ", "))"))
  }

  @Test func clippingDoesNotApplyWithoutAClip() async throws {
    let tiny = try await TinyRun("cells: [rnn]\nsequence_length: 4\nseeds: 1\n")
    let (drawings, omitted) = try FigureSet(tiny.run, names: [.clipping]).drawings()
    #expect(drawings.isEmpty)
    guard case .omitted(.clipping, let reason)? = omitted.first else {
      Issue.record("not omitted")
      return
    }
    #expect(reason.contains("no clipping"))
  }
}
