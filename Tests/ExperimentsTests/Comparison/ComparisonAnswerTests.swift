import Experiments
import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("The answer of a comparison") struct ComparisonAnswerTests {
  /// The groups of a sweep whose rates a function gives; nil: the trial is not finished.
  private func groups(
    _ lines: String, _ rate: (TrialParameters) -> Double?
  ) throws -> [GroupComparison] {
    let trials = try SweepSpecification.parse(text: "name: a\nhidden_size: 4\n" + lines, file: "a.yaml")
      .trials
    var found:
      [(group: ComparisonGroup, variants: [CellVariant: [UInt64: TrialRecord]], order: [CellVariant])] = []
    for trial in trials {
      guard let value = rate(trial) else { continue }
      var record = TrialRecord(status: .ok)
      record.decayRate = value
      record.log10RatioFirstLast = value * Double(trial.sequenceLength - 1)
      let (group, variant) = (ComparisonGroup(trial), CellVariant(trial))
      let place = found.firstIndex { $0.group == group } ?? found.count
      if place == found.count { found.append((group, [:], [])) }
      if !found[place].order.contains(variant) { found[place].order.append(variant) }
      found[place].variants[variant, default: [:]][trial.seed] = record
    }
    return found.map { group, variants, order in
      let base = variants[order[0]] ?? [:]
      return GroupComparison(
        group,
        order.enumerated().map { k, variant in
          VariantDecay(variant, variants[variant] ?? [:], base: k == 0 ? nil : base)
        })
    }
  }

  private func answer(_ lines: String, _ rate: (TrialParameters) -> Double?) throws -> [String] {
    ComparisonAnswer(try groups(lines, rate)).lines
  }

  private let decay = """
    cells: [rnn, lstm]
    forget_bias: 1
    sequence_length: [50, 100]
    spectral_radius: [1, 1.5, 2, 2.5]
    clip: [none, {step-norm: 1}]
    seeds: 4
    """

  /// Seeds scatter by a tenth of a thousandth.
  private func scatter(_ trial: TrialParameters) -> Double { 1e-4 * Double(trial.seed) }

  @Test func theCrossingComesFirstThenTheOthersThenWhatElseVaries() throws {
    let lines = try answer(decay) { trial in
      let rnn =
        trial.spectralRadius == 2 ? 0.02 * (Double(trial.seed) - 1.5) : 0.1 * (trial.spectralRadius - 2)
      let clipped = trial.clip != .none && rnn > 0 ? -0.005 : rnn
      return (trial.cell == .rnn ? clipped : -0.07) + scatter(trial)
    }
    #expect(
      lines
        == [
          "At T = 100 without clipping: rnn vanishes up to ρ = 1.5, is not distinguishable from constant at 2, "
            + "explodes at 2.5.",
          "lstm (forget bias 1) vanishes at every ρ, more slowly than rnn at ρ = 1, faster at 1.5.",
          "T = 50 agrees; clip step-norm:1 differs at ρ = 2.5.",
        ])
  }

  /// The readout of a loss that has one is no change of its own.
  @Test func whatFollowsFromAnotherAxisIsNotNamed() throws {
    let lines = try answer("cells: rnn\nloss: [final-dot, final-mse]\nclip: [none, {step-norm: 1}]\nseeds: 4")
    {
      ($0.clip == .none ? -0.2 : -0.1) + scatter($0)
    }
    #expect(
      lines == [
        "At T = 100, ρ = 1 without clipping: rnn vanishes at final-dot and final-mse.",
        "clip step-norm:1 agrees.",
      ])
  }

  @Test func combinationsThatDoSomethingElseAreCounted() throws {
    let axes =
      "cells: rnn\nspectral_radius: [1, 2]\ninput_scale: [1, 2]\nsequence_length: [50, 100]\nseeds: 4"
    let lines = try answer(axes) {
      ($0.inputScale == 2 && $0.sequenceLength == 50 ? 0.2 : -0.2) + scatter($0)
    }
    #expect(lines.last?.hasSuffix(" Both together differ from either alone.") == true, "\(lines)")
  }

  @Test func oneSeedIsSaidToBeOne() throws {
    let lines = try answer("cells: rnn\nspectral_radius: [1, 2]\nseeds: 1") { $0.spectralRadius - 1.5 }
    #expect(lines == ["At T = 100: rnn falls at ρ = 1, grows at 2 (one seed, no interval)."])
  }

  @Test func withOneSettingTheFactorIsGiven() throws {
    let lines = try answer("cells: [rnn, lstm]\nforget_bias: 1\nseeds: 4") { trial in
      (trial.cell == .rnn ? -0.2 : -0.1) + scatter(trial)
    }
    #expect(
      lines == [
        "At T = 100, ρ = 1: rnn vanishes.", "lstm (forget bias 1) vanishes, 2 times slower than rnn.",
      ])
  }

  @Test func aLossThatHidesVanishingIsNotWhatIsAnswered() throws {
    let lines = try answer(
      "cells: rnn\nloss: [cross-entropy-every-step, cross-entropy-final]\nspectral_radius: [1, 2, 3]\nseeds: 3"
    ) { trial in (trial.loss == .crossEntropyFinal ? -0.1 : 0) + scatter(trial) }
    #expect(
      lines == [
        "At T = 100, cross-entropy-final: rnn vanishes at every ρ.",
        "cross-entropy-every-step hides vanishing, as the loss acts at every step.",
      ])
  }

  @Test func whereTheBoundaryMovesIsTold() throws {
    let lines = try answer(
      "cells: rnn\ninput_scale: [0, 0.5, 1]\nspectral_radius: [1, 1.5, 2, 2.5, 3]\nseeds: 3"
    ) { trial in
      trial.spectralRadius - 1.25 - trial.inputScale + scatter(trial)
    }
    #expect(
      lines == [
        "At T = 100, input scale 1: rnn vanishes up to ρ = 2, explodes from 2.5.",
        "rnn vanishes up to ρ = 1 and 1.5 at input scale 0 and 0.5.",
      ])
  }

  @Test func withoutTrialsThereIsNoAnswer() throws {
    #expect(try answer(decay) { _ in nil }.isEmpty)
  }

  // MARK: - Words and numbers

  /// No word without the interval that supports it, whatever the rates are.
  @Test func wordsNeverSayMoreThanTheNumbers() throws {
    var random = SeededGenerator(seed: 53)
    for _ in 0..<60 {
      let seeds = random.number(1...5)
      let steps = random.one(of: [12, 100, 5000])
      let level = Dictionary(
        uniqueKeysWithValues: [CellKind.rnn, .lstm, .gru].map {
          ($0, Double.random(in: -0.1...0.05, using: &random))
        })
      let spread = pow(10, Double.random(in: -5 ... -0.5, using: &random))
      let groups = try groups(
        "cells: [rnn, lstm, gru]\nforget_bias: [0, 1]\nsequence_length: \(steps)\nspectral_radius: [1, 2, 3, 4]\n"
          + "seeds: \(seeds)"
      ) { trial in
        let slope = (level[trial.cell] ?? 0) * (3 - trial.spectralRadius)
        return random.chance(oneIn: 12) ? nil : slope + spread * Double.random(in: -1...1, using: &random)
      }
      for group in groups { check(group) }
      let answer = ComparisonAnswer(groups).lines
      #expect(answer.count <= 3)
      let verdicts = groups.map(\.verdict).joined()
      for word in ["vanishes", "explodes", "keeps its gradient"] where !verdicts.contains(word) {
        #expect(!answer.joined().contains(word), "\(answer)")
      }
      for word in ["slower", "faster"] where !verdicts.contains(word) {
        #expect(!answer.joined().contains(word == "slower" ? "more slowly" : word), "\(answer)")
      }
    }
  }

  private func check(_ group: GroupComparison) {
    func ends(_ x: MeanInterval?) -> (low: Double, high: Double)? {
      guard let x, let margin = x.halfWidth else { return nil }
      return (x.mean - margin, x.mean + margin)
    }
    let reference = group.variants[0]
    for (k, part) in group.verdict.components(separatedBy: "; ").enumerated() {
      let variant = group.variants[k]
      let rate = ends(variant.rate)
      if part.contains(" vanishes") { #expect((rate?.high ?? 1) < 0, "\(part)") }
      if part.contains(" explodes") { #expect((rate?.low ?? -1) > 0, "\(part)") }
      if part.contains("keeps its gradient") {
        #expect((variant.rate?.mean ?? 1).magnitude <= Trend.steady(group.group.sequenceLength), "\(part)")
      }
      for word in ["slower", "faster", "above", "below"] where part.contains(word) {
        let difference = ends(variant.difference)
        #expect((difference?.low ?? -1) > 0 || (difference?.high ?? 1) < 0, "\(part)")
        guard word == "slower" || word == "faster", let base = ends(reference.rate), let rate else {
          continue
        }
        let falls = rate.high < 0 && base.high < 0
        #expect(falls || (rate.low > 0 && base.low > 0), "\(part)")
        let isAbove = (variant.difference?.mean ?? 0) > 0
        #expect((word == "slower") == (isAbove == falls), "\(part)")
      }
      if part.contains(" times ") {
        for rate in [variant.rate, reference.rate] {
          #expect(rate.map { ($0.halfWidth ?? .infinity) < 0.5 * -$0.mean } ?? false, "\(part)")
        }
      }
    }
  }
}
