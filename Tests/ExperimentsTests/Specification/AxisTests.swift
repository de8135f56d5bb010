import Experiments
import Foundation
import GradientFlow
import TestSupport
import Testing

/// Everything that must follow from an axis being in the list: a new one needs an entry in ``samples``, nothing else.
@Suite("Axes") struct AxisTests {
  /// A specification in which the axis applies, and two values of it.
  struct Sample: Sendable {
    var lines = "cells: lstm\nhidden_size: 3\nloss: final-mse\n"
    let values: [String]
  }

  static let training = "task: {kind: adding}\niterations: 5\ncells: rnn\nhidden_size: 3\n"

  static let samples: [Axis: Sample] = [
    .cell: Sample(lines: "hidden_size: 3\n", values: ["rnn", "gru"]),
    .hiddenSize: Sample(lines: "cells: rnn\n", values: ["3", "4"]),
    .inputSize: Sample(values: ["2", "5"]),
    .batchSize: Sample(values: ["2", "5"]),
    .sequenceLength: Sample(values: ["7", "8"]),
    .spectralRadius: Sample(values: ["0.9", "1.1"]),
    .initializer: Sample(values: ["gaussian", "orthogonal"]),
    .inputScale: Sample(values: ["0.5", "1"]),
    .initialStateScale: Sample(values: ["0", "0.5"]),
    .washout: Sample(values: ["0", "6"]),
    .forgetBias: Sample(values: ["1", "-1"]),
    .loss: Sample(lines: "cells: rnn\nhidden_size: 3\n", values: ["final-dot", "final-mse"]),
    .readoutSize: Sample(values: ["4", "10"]),
    .clip: Sample(values: ["none", "{global-norm: 2}"]),
    .seed: Sample(values: ["3", "5"]),
    .precision: Sample(values: ["float32", "float64"]),
    .optimiser: Sample(lines: training, values: ["sgd", "adam"]),
    .learningRate: Sample(lines: training, values: ["0.01", "0.1"]),
    .schedule: Sample(lines: training, values: ["constant", "cosine"]),
    .truncation: Sample(lines: training, values: ["none", "{k1: 5, k2: 10}"]),
    .weightDeviation: Sample(lines: training, values: ["none", "0.2"]),
    .layers: Sample(values: ["1", "3"]),
    .bidirectional: Sample(values: ["false", "true"]),
    .embeddingSize: Sample(lines: tokens, values: ["none", "4"]),
    .tiesReadout: Sample(lines: tokens + "hidden_size: 9\nembedding_size: 9\n", values: ["false", "true"]),
    .shortestLength: Sample(values: ["none", "4"]),
    .dropout: Sample(lines: training + "layers: 2\n", values: ["0", "0.3"]),
  ]

  static let tokens = "task: {kind: echo}\ncells: rnn\n"

  /// The specification of an axis with one of its values or both.
  private func specification(_ axis: Axis, _ values: [String]) throws -> SweepSpecification {
    let sample = try #require(Self.samples[axis], "an axis needs two values here: \(axis.name)")
    let seeds = axis == .seed ? "" : "seeds: [1]\n"
    return try SweepSpecification.parse(
      text: "name: x\n\(sample.lines)\(seeds)\(axis.key.rawValue): [\(values.joined(separator: ", "))]\n",
      file: "x.yaml")
  }

  private func pair(_ axis: Axis) throws -> (TrialParameters, TrialParameters) {
    let trials = try specification(axis, try #require(Self.samples[axis]).values).trials
    try #require(trials.count == 2, "\(axis.name)")
    return (trials[0], trials[1])
  }

  @Test(arguments: Axis.all) func multipliesTheGrid(_ axis: Axis) throws {
    let values = try #require(Self.samples[axis]).values
    let both = try specification(axis, values)
    #expect(both.trialCount == 2)
    #expect(try both.trials == values.flatMap { try specification(axis, [$0]).trials })
  }

  @Test(arguments: Axis.all) func changesTheID(_ axis: Axis) throws {
    let (a, b) = try pair(axis)
    #expect(a.id != b.id && a.canonicalJSON != b.canonicalJSON)
  }

  @Test(arguments: Axis.all) func hasAColumnThatTellsItsValues(_ axis: Axis) throws {
    let (a, b) = try pair(axis)
    let both = try specification(axis, try #require(Self.samples[axis]).values)
    let table = TrialsCSV(both)
    #expect(table.header.split(separator: ",").map(String.init).contains(axis.column))
    let rows = CSVRows(
      table.header + "\n"
        + [a, b].map { table.row($0, TrialRecord(status: .failed), theory: both.theory) }.joined()
    ).rows
    #expect(rows[0][axis.column] != rows[1][axis.column])
    #expect(rows[0].filter { $0.key != "trial" && $0.value != rows[1][$0.key] }.keys.contains(axis.column))
  }

  @Test(arguments: Axis.all) func isReadBackFromTheNormalisedForm(_ axis: Axis) throws {
    let both = try specification(axis, try #require(Self.samples[axis]).values)
    #expect(try SweepSpecification.parse(text: both.normalisedYAML, file: "x.yaml") == both)
  }

  @Test(arguments: Axis.all) func isNamedInCaptionsAndHeadings(_ axis: Axis) throws {
    let (a, b) = try pair(axis)
    #expect(axis.text(a) != axis.text(b) && axis.text(a) != nil)
    #expect(axis.heading(a) != axis.heading(b))
    // The spectral radius of networks as they are drawn is drawn over, not held.
    if axis != .spectralRadius { #expect(axis.caption(a) != axis.caption(b) && axis.caption(a) != nil) }
  }

  @Test(arguments: Axis.all) func tellsComparisonsApartUnlessTheyCompareIt(_ axis: Axis) throws {
    let (a, b) = try pair(axis)
    // With what depends on it: a loss has a readout or none, weights are scaled or not.
    let dependent: [Axis: [Axis]] = [
      .loss: [.readoutSize], .weightDeviation: [.spectralRadius, .initializer, .inputScale],
    ]
    let varying = [axis] + (dependent[axis] ?? [])
    #expect(a.erasing(varying) == b.erasing(varying))
    if ![.cell, .forgetBias, .seed].contains(axis) { #expect(ComparisonGroup(a) != ComparisonGroup(b)) }
  }

  /// What differs between two values of an axis may extend a run, whichever axis it is.
  @Test(arguments: Axis.all) func extendsARun(_ axis: Axis) throws {
    let values = try #require(Self.samples[axis]).values
    let change = SpecificationChange(
      from: try specification(axis, [values[0]]), to: try specification(axis, values))
    guard case .extends(let added) = change else {
      Issue.record("\(axis.name): \(change)")
      return
    }
    #expect(added.map(\.key).contains(axis.key))
  }

  // MARK: - Values that do not apply

  @Test func anAxisWithoutUseForSomeTrialsAppearsThereOnce() throws {
    let specification = try SweepSpecification.parse(
      text: """
        name: x
        task: {kind: adding}
        iterations: 5
        cells: [rnn, lstm]
        forget_bias: [0, 1, 2]
        weight_sd: [none, 0.1, 0.2]
        spectral_radius: [0.5, 1]
        input_scale: [0.1, 0.2, 0.3]
        initializer: [gaussian, orthogonal]
        seeds: 1
        """, file: "x.yaml")
    // (1 rnn + 3 lstm) · (2 · 3 · 2 scaled + 2 by deviation)
    #expect(specification.trialCount == 56)
    let trials = specification.trials
    #expect(trials.count == 56 && Set(trials.map(\.id)).count == 56 && Set(trials).count == 56)
    let drawn = trials.filter { $0.training?.weightDeviation != nil }
    #expect(drawn.allSatisfy { $0.initializer == .gaussian && $0.inputScale == 1 })
  }

  /// Counting is not making: such a grid is refused at once.
  @Test func aGridBeyondAllBoundsIsCountedWithoutBeingMade() {
    let many = "{from: 1, to: 100000, step: 1}"
    #expect {
      try SweepSpecification.parse(
        text: """
          name: x
          task: {kind: adding}
          iterations: 5
          cells: [rnn, lstm]
          forget_bias: \(many)
          spectral_radius: \(many)
          learning_rate: \(many)
          sequence_length: \(many)
          seeds: 100000
          """, file: "x.yaml")
    } throws: {
      ($0 as? SpecificationError)?.kind == .outOfRange || ($0 as? SpecificationError)?.kind == .tooLarge
    }
  }
}

extension SweepSpecification {
  fileprivate var theory: TrialTheory { TrialTheory() }
}
