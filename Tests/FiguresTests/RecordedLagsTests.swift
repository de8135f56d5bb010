import Experiments
import Figures
import Foundation
import GradientFlow
import Testing

@Suite("Figures of runs that keep some steps") struct RecordedLagsTests {
  private func drawn(_ run: Run, _ name: FigureName) throws -> (plot: Plot?, omission: String?) {
    let (drawings, omitted) = try FigureSet(run, requests: [FigureRequest(name)]).drawings()
    return (drawings.first?.plot, omitted.first.map { "\($0)" })
  }

  private static let lines =
    "cells: [rnn, lstm]\nsequence_length: 2000\nclip: [none, {step-norm: 0.01}]\nseeds: 2\n"

  private func norms(_ plot: Plot) -> [[String]: String] {
    var found: [[String]: String] = [:]
    for row in rows(ofCSV: plot.table.csv) {
      found[["cell", "clip", "gradient", "norm", "lag"].map { row[$0] ?? "" }] = row["log10_median"]
    }
    return found
  }

  @Test func decayIsDrawnAtRecordedLagsAndSaysSo() async throws {
    let spaced = try await TinyRun(Self.lines + "record: log-spaced\n")
    let plot = try #require(try drawn(spaced.run, "decay").plot)
    let lags = Set(rows(ofCSV: plot.table.csv).compactMap { $0["lag"].flatMap { Int($0) } })
    #expect(lags.contains(0) && lags.contains(1999) && lags.count > 60)
    #expect(lags.allSatisfy { StepRecording.logSpaced.keeps(lag: $0) || $0 == 1999 })
    let note = try #require(plot.caption.parts.first { $0.contains("record: log-spaced") })
    #expect(note.contains("of 2000 lags drawn"))
    // What is drawn there is what is there of every step, and the statement the same.
    let every = try await TinyRun(Self.lines)
    let whole = try #require(try drawn(every.run, "decay").plot)
    #expect(whole.statement == plot.statement)
    #expect(!whole.caption.parts.contains { $0.contains("record:") })
    let (all, some) = (norms(whole), norms(plot))
    let shared = some.filter { all[$0.key] != nil }
    #expect(shared.count > 8 && shared.allSatisfy { all[$0.key] == $0.value })
  }

  @Test func clippingIsDrawnAtRecordedLags() async throws {
    let spaced = try await TinyRun(Self.lines + "record: log-spaced\n")
    let plot = try #require(try drawn(spaced.run, "clipping").plot)
    let lags = Set(rows(ofCSV: plot.table.csv).compactMap { $0["lag"].flatMap { Int($0) } })
    #expect(lags.allSatisfy { StepRecording.logSpaced.keeps(lag: $0) || $0 == 1999 })
    #expect(plot.caption.parts.contains { $0.contains("record: log-spaced") })
  }

  /// A sum over steps needs all of them.
  @Test func contributionsAreLeftOutWithTheReason() async throws {
    let spaced = try await TinyRun(Self.lines + "record: log-spaced\n")
    let found = try drawn(spaced.run, "contributions")
    #expect(found.plot == nil && found.omission?.contains("record: log-spaced") == true)
    // Short sequences have every step.
    let short = try await TinyRun("cells: rnn\nsequence_length: 100\nseeds: 2\nrecord: log-spaced\n")
    let whole = try await TinyRun("cells: rnn\nsequence_length: 100\nseeds: 2\n")
    #expect(
      try drawn(short.run, "contributions").plot?.table == drawn(whole.run, "contributions").plot?.table)
  }
}
