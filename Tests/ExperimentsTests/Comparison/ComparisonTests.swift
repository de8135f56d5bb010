import Experiments
import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("Comparison") struct ComparisonTests {
  private let directory: TemporaryDirectory
  private let run: Run

  init() async throws {
    directory = try TemporaryDirectory()
    let spec = try SweepSpecification.parse(
      text: """
        name: c
        cells: [lstm, rnn]
        hidden_size: 16
        batch_size: 4
        sequence_length: 40
        spectral_radius: [0.6, 1]
        forget_bias: [1, 3]
        seeds: 6
        """, file: "c.yaml")
    let sweep = try Sweep(spec, directory: directory.path, options: SweepOptions(jobs: 1))
    _ = try await sweep.execute()
    run = sweep.run
  }

  private func rates(_ cell: CellKind, _ bias: Double?, _ radius: Double) throws -> [Double] {
    try run.trials.filter {
      $0.cell == cell && $0.forgetBias == bias && $0.spectralRadius == radius
    }.compactMap { try run.record($0)?.decayRate }
  }

  @Test func theRNNIsTheReferenceAndDifferencesArePairedBySeed() throws {
    let comparison = try Comparison(run)
    #expect(comparison.groups.count == 2)
    let group = try #require(comparison.groups.first { $0.group.trial.spectralRadius == 1 })
    let labels = group.variants.map(\.variant.label)
    #expect(labels == ["rnn", "lstm, forget bias 1", "lstm, forget bias 3"])
    let (rnn, lstm) = (try rates(.rnn, nil, 1), try rates(.lstm, 3, 1))
    let differences = zip(lstm, rnn).map { $0 - $1 }
    let expected = try #require(MeanInterval(differences))
    #expect(group.variants[2].difference == expected)
    #expect(group.variants[0].difference == nil)
    #expect(group.variants[0].rate == MeanInterval(rnn))
    #expect(group.verdict.contains("lstm (forget bias 3)"))
    #expect(group.verdict.contains("times slower than rnn"))
  }

  @Test func everyFormatHasEveryGroup() throws {
    let comparison = try Comparison(run)
    #expect(comparison.text(.csv).split(separator: "\n").count == 1 + 6)
    #expect(comparison.text(.md).contains("| ρ = 0.6, T = 40 | rnn |"))
    #expect(comparison.text(.text).contains("ρ = 0.6, T = 40"))
    let json = try ExactJSON.object(with: Data(comparison.text(.json).utf8))
    let groups = try #require((json as? [String: Any])?["groups"] as? [[String: Any]])
    #expect(groups.count == 2)
    #expect((groups[0]["cells"] as? [[String: Any]])?.count == 3)
    // The answer comes first for people, and last for programs that know the rest.
    let answer = comparison.answer.lines
    #expect(answer.count == 2 && (json as? [String: Any])?["answer"] as? [String] == answer)
    for brief in [false, true] {
      #expect(comparison.text(.text, brief: brief).hasPrefix(answer.joined(separator: "\n") + "\n\nρ = 0.6"))
      #expect(comparison.text(.md, brief: brief).hasPrefix("- \(answer[0])\n- \(answer[1])\n\n| setting |"))
    }
    #expect(comparison.text(.json).hasSuffix("]\n}\n") && !comparison.text(.csv).contains(answer[0]))
  }

  // MARK: - Words

  /// What a run of a few lines finds.
  private func comparison(_ lines: String) async throws -> Comparison {
    let folder = try TemporaryDirectory()
    let spec = try SweepSpecification.parse(text: "name: w\n" + lines, file: "w.yaml")
    let sweep = try Sweep(spec, directory: folder.path, options: SweepOptions(jobs: 1))
    _ = try await sweep.execute()
    return try Comparison(sweep.run)
  }

  @Test(arguments: [
    "task: {kind: copy-memory}", "loss: cross-entropy-every-step",
  ])
  func aLossAtEveryStepIsSaidInEveryVerdict(_ line: String) async throws {
    let found = try await comparison(
      line + "\ncells: [rnn, gru]\nhidden_size: 8\nbatch_size: 4\nsequence_length: 40\nseeds: 3")
    #expect(found.hasLossAtEveryStep && !found.groups.isEmpty)
    for group in found.groups {
      #expect(group.verdict.hasPrefix("a loss at every step hides vanishing: "), "\(group.verdict)")
      for word in ["explodes", "vanishes ", "keeps its gradient", "times slower"] {
        #expect(!group.verdict.contains(word), "\(group.verdict)")
      }
    }
    #expect(found.text(.text).contains("Note: " + Comparison.everyStepNote))
  }

  @Test func theFixedPointIsSaidToBeOne() async throws {
    let found = try await comparison(
      "cells: rnn\nhidden_size: 8\nbatch_size: 4\nsequence_length: 20\nspectral_radius: 2\nseeds: 3\n"
        + "input_scale: 0\ninitial_state_scale: [0, 0.5]")
    try #require(found.groups.count == 2)
    let (still, moving) = (found.groups[0].verdict, found.groups[1].verdict)
    #expect(still.hasPrefix("the state stays at the fixed point 0, linearised there: rnn explodes"))
    #expect(!moving.contains("fixed point"))
    let text = found.text(.text)
    #expect(text.contains("Note: " + Comparison.fixedPointNote) && text.contains("initial state scale 0.5"))
    #expect(found.text(.csv).contains(",failed,initial_state_scale,washout\n"))
  }

  private func verdict(
    rates: [Double], ratios: [Double]? = nil, lines: String = ""
  ) throws -> String {
    let trial = try #require(
      try SweepSpecification.parse(text: "name: v\ncells: rnn\nseeds: 1\n" + lines, file: "v.yaml").trials
        .first)
    var records: [UInt64: TrialRecord] = [:]
    for (seed, rate) in rates.enumerated() {
      var record = TrialRecord(status: .ok)
      record.decayRate = rate
      record.log10RatioFirstLast = ratios?[seed] ?? 99 * rate
      records[UInt64(seed)] = record
    }
    return Verdict(ComparisonGroup(trial), [VariantDecay(CellVariant(trial), records, base: nil)]).line
  }

  @Test func wordsOfARateFitItsInterval() throws {
    #expect(try verdict(rates: [0.1, 0.11, 0.12]) == "rnn explodes")
    #expect(try verdict(rates: [-0.1, -0.11, -0.12]) == "rnn vanishes")
    // The interval holds 0.
    #expect(try verdict(rates: [0.1, -0.05, 0.12]) == "rnn is not distinguishable from constant")
    #expect(try verdict(rates: [0.0002, -0.0001, 0.0001]) == "rnn keeps its gradient")
    #expect(try verdict(rates: [0.002, 0.0022, 0.0008]) != "rnn explodes")
    // Slow, but the sequence is long.
    #expect(
      try verdict(rates: [-0.0009, -0.0008], ratios: [-90, -80], lines: "sequence_length: 100000")
        == "rnn vanishes")
    // More is left at the start than came in at the end.
    #expect(
      try verdict(rates: [-0.02, -0.021, -0.022], ratios: [1, 1.1, 1.2])
        == "rnn falls by its slope alone (the norm of the whole batch is larger at t = 1 than at t = T)")
    // One seed says nothing about the others.
    #expect(try verdict(rates: [-0.1]) == "rnn falls (one seed, no interval)")
    #expect(try verdict(rates: [0.1]) == "rnn grows (one seed, no interval)")
  }

  @Test func anUnfinishedRunSaysHowFarItIs() async throws {
    let other = try TemporaryDirectory()
    let spec = try SweepSpecification.parse(
      text: "name: u\ncells: rnn\nhidden_size: 4\nsequence_length: 3\nseeds: 100000", file: "u.yaml")
    let sweep = try Sweep(spec, directory: other.path, options: SweepOptions(jobs: 1))
    _ = try await sweep.execute { _, _, progress in
      if progress.counts.done == 5 { sweep.stop() }
    }
    let comparison = try Comparison(Run(directory: other.path))
    #expect((5..<100_000).contains(comparison.progress.done))
    #expect(comparison.text(.text).contains("of 100000 trials finished"))
  }
}
