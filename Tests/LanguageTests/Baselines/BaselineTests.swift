import Foundation
import Language
import TestSupport
import Testing

@Suite("Baselines of a text")
struct BaselineTests {
  /// Each token is the one two before it plus 1, with one chance in five any.
  private static let tokens: [Int32] = {
    var generator = SeededGenerator(seed: 1)
    var tokens: [Int32] = [0, 3]
    for t in 2..<3_000 {
      tokens.append(generator.chance(oneIn: 5) ? Int32(generator.number(0...5)) : (tokens[t - 2] + 1) % 6)
    }
    return tokens
  }()

  private static func text(_ tokens: [Int32] = tokens, vocabulary: Int = 6) -> BaselineText {
    BaselineText(
      tokens: tokens, vocabulary: vocabulary, training: 0..<2_400, validation: 2_400..<2_700,
      test: 2_700..<3_000)
  }

  @Test func everyModelIsThere() {
    let baselines = Baselines.of(Self.text())
    #expect(baselines.map(\.kind) == [.unigram, .markovChain, .nGram, .window])
    #expect(baselines.map(\.contextLength) == [0, 1, 2, 8])
    // The source has −5/6 ln 5/6 − 5 · 1/30 ln 1/30 = 0.719 for those that see two tokens back; the others
    // know nothing, and lose a little by what chance taught them.
    #expect(baselines[..<2].allSatisfy { (1.75..<1.85).contains($0.testLoss) })
    #expect(baselines[2...].allSatisfy { (0.55..<0.95).contains($0.testLoss) })
    #expect(baselines.allSatisfy { ($0.testLoss - $0.validationLoss).magnitude < 0.2 })
  }

  @Test func lossesAreThoseOfTheModels() throws {
    let text = Self.text()
    let baselines = Baselines.of(text)
    let scores = KneserNey.scores(
      tokens: text.tokens, vocabulary: 6, training: text.training, scored: [text.validation, text.test],
      orders: 20)
    for (baseline, order) in zip(baselines, [1, 2, 3]) {
      #expect(baseline.validationLoss == scores.losses[0][order - 1])
      #expect(baseline.testLoss == scores.losses[1][order - 1])
    }
    #expect(scores.losses[0].min() == scores.losses[0][2])
    let window = try #require(
      WindowModel(
        tokens: text.tokens, vocabulary: 6, window: 8, training: text.training, validation: text.validation))
    #expect(baselines[3].testLoss == window.loss(tokens: text.tokens, on: text.test))
  }

  // Nothing of the test range goes into what is chosen or learnt.
  @Test func theTestRangeIsNotRead() {
    var other = Self.tokens
    other.replaceSubrange(2_700..., with: repeatElement(0, count: 300))
    let changed = Baselines.of(Self.text(other))
    let baselines = Baselines.of(Self.text())
    #expect(changed.map(\.validationLoss) == baselines.map(\.validationLoss))
    #expect(changed.map(\.contextLength) == baselines.map(\.contextLength))
  }

  @Test func wordsHaveNoWindow() {
    let baselines = Baselines.of(Self.text(vocabulary: 50_000))
    #expect(baselines.map(\.kind) == [.unigram, .markovChain, .nGram])
  }
}
