import Figures
import Foundation
import Testing

/// gnuplot ends with an error where the ends of an axis read the same, are not numbers, or leave no room for a tic.
@Suite("Figures of constant, tiny and huge values") struct ExtremeFigureTests {
  private static let walks = [
    // All points at one place, whose neighbours seven digits do not tell apart.
    "task: {kind: cliff, w: 1e10, b: 0}\nlearning_rate: 2\niterations: 30",
    "task: {kind: cliff, w: 1e300, b: -1e300}\nlearning_rate: 1e300\niterations: 3",
    "task: {kind: cliff, w: 1.7e308, b: -1.7e308}\nlearning_rate: 2\niterations: 3",
    "task: {kind: cliff, w: 1e-300, b: 1e16}\nlearning_rate: 1e-300\niterations: 1",
    "task: {kind: cliff, w: 5.3, b: -1.4}\nlearning_rate: 1e300\niterations: 9\nclip: [none, {global-norm: 1e-300}]",
  ]

  @Test(.enabled(if: hasGnuplot, "gnuplot is not installed"), arguments: walks)
  func walksAreDrawn(_ lines: String) async throws {
    let tiny = try await TinyRun(lines + "\nseeds: 1\nrecord_every: 1\n", sizes: "")
    let outcomes = try await FigureSet(tiny.run, names: [.cliff, .loss, .norms]).render([.svg])
    #expect(outcomes.count == 3)
    for outcome in outcomes {
      guard case .written(_, _, let warnings) = outcome else {
        Issue.record("\(outcome)")
        continue
      }
      #expect(warnings == [])
    }
  }

  private static let sweeps = [
    "spectral_radius: [1, 1.0000000001]", "spectral_radius: [1e-300, 1e6]", "spectral_radius: 1e6",
    "spectral_radius: 5e-324", "input_scale: [1e-300, 1e300]",
  ]

  @Test(.enabled(if: hasGnuplot, "gnuplot is not installed"), arguments: sweeps)
  func sweepsAreDrawnOrSaidToHaveNothingToDraw(_ line: String) async throws {
    let tiny = try await TinyRun(
      "cells: [rnn, rnn-linear]\nsequence_length: [1, 3]\nclip: [none, {step-norm: 1e-30}]\nseeds: 2\n\(line)\n",
      sizes: "hidden_size: 1\ninput_size: 1\nbatch_size: 1\n")
    let outcomes = try await FigureSet(tiny.run).render([.svg])
    #expect(outcomes.contains { if case .written = $0 { true } else { false } })
  }

  @Test(.enabled(if: hasGnuplot, "gnuplot is not installed"))
  func aFigureThatIsAskedForTwiceIsDrawnOnce() async throws {
    let tiny = try await TinyRun("cells: rnn\nsequence_length: 4\nseeds: 1\n")
    let outcomes = try await FigureSet(tiny.run, names: [.rate, .decay, .rate]).render([.svg, .svg])
    #expect(outcomes.map(\.name) == [.rate, .decay])
    guard case .written(_, let files, _) = try #require(outcomes.first) else {
      Issue.record("\(outcomes)")
      return
    }
    #expect(files.count == 3)
  }
}
