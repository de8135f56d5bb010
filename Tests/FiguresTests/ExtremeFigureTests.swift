import Experiments
import Figures
import Foundation
import GradientFlow
import TestSupport
import Testing

/// gnuplot ends with an error where the ends of an axis read the same, are not numbers, or leave no room for a tic.
@Suite("Figures of constant, tiny and huge values") struct ExtremeFigureTests {
  private static let walks: [[CliffWalk]] = [
    // All points at one place, whose neighbours seven digits do not tell apart.
    [CliffWalk(.none, w: 1e10, b: 0, schedule: .constant, iterations: 30)],
    [CliffWalk(.none, w: 1e300, b: -1e300, learningRate: 1e300, schedule: .constant, iterations: 3)],
    [CliffWalk(.none, w: 1.7e308, b: -1.7e308, schedule: .constant, iterations: 3)],
    [CliffWalk(.none, w: 1e-300, b: 1e16, learningRate: 1e-300, schedule: .constant, iterations: 1)],
    [.none, .globalNorm(1e-300)].map {
      CliffWalk($0, learningRate: 1e300, schedule: .constant, iterations: 9)
    },
    // On the wall, with a gradient of 1e17.
    [CliffWalk(.none, w: 10, b: -5.724593312018546, learningRate: 1e300)],
    [CliffWalk(.none, w: 4.4, b: -2.24, learningRate: 1e6, schedule: .constant, iterations: 40)],
    [.none, .value(1e-9), .globalNorm(1), .globalNorm(2)].map {
      CliffWalk($0, w: 4.4, b: -2.24, iterations: 4000)
    },
  ]

  @Test(.enabled(if: hasGnuplot, "gnuplot is not installed"), arguments: walks)
  func walksAreDrawn(_ walks: [CliffWalk]) async throws {
    let directory = try TemporaryDirectory()
    let figure = CliffFigure(walks, directory: directory.file("figures"))
    for outcome in try await figure.render([.svg, .png, .pdf]) {
      guard case .written(_, let files, let warnings) = outcome else {
        Issue.record("\(outcome)")
        continue
      }
      #expect(warnings == [] && files.count == 5)
    }
    for page in try figure.text().pages {
      #expect(page.text.split(separator: "\n").allSatisfy { $0.count <= 80 })
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
    let tiny = try await TinyRun("cells: rnn\nspectral_radius: [0.5, 1, 2]\nsequence_length: 4\nseeds: 1\n")
    let outcomes = try await FigureSet(tiny.run, names: [.rate, .decay, .rate]).render([.svg, .svg])
    #expect(outcomes.map(\.name) == [.rate, .decay])
    guard case .written(_, let files, _) = try #require(outcomes.first) else {
      Issue.record("\(outcomes)")
      return
    }
    #expect(files.count == 3)
  }
}
