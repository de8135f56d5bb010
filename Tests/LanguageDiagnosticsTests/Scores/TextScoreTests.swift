import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("What a text costs a model")
struct TextScoreTests {
  /// Read in pieces with the state carried on, against a pass over the whole text.
  @Test(arguments: [CellKind.rnn, .gru, .lstm], [2, 3, 257, 700])
  func isThatOfOnePass(cell: CellKind, count: Int) throws {
    for embedding in [nil, 3] {
      let model = try SmallLanguageModel.make(cell, embedding: embedding)
      let tokens = SmallLanguageModel.tokens(count)
      let score = try model.score(tokens)
      let distributions = try SmallLanguageModel.distributions(model, tokens)
      let expected = (1..<count).map { log(distributions[$0 - 1][Int(tokens[$0])]) }
      #expect(difference(score.logProbabilities, expected, absolute: 1e-12) == nil)
      #expect((score.nats + expected.reduce(0, +) / Double(count - 1)).magnitude < 1e-12)
      #expect((score.perplexity - exp(score.nats)).magnitude < 1e-12)
      #expect((score.bits - score.nats / log(2)).magnitude < 1e-12)
    }
  }

  @Test func singlePrecisionAgrees() throws {
    let model = try SmallLanguageModel.make()
    let tokens = SmallLanguageModel.tokens(300)
    let (double, single) = (try model.score(tokens), try model.converted(to: Float.self).score(tokens))
    #expect((double.nats - single.nats).magnitude < 1e-4)
  }

  @Test func aTextOfOneTokenTellsNothing() throws {
    let model = try SmallLanguageModel.make()
    #expect(throws: LanguageModelError.tooShort(tokens: 1, level: .characters)) { try model.score([0]) }
  }

  @Test func aStateThatLeavesTheRangeIsNamed() throws {
    let model = try SmallLanguageModel.make(.rnnLinear, layers: 1)
    var network = model.network
    network.arrays = network.arrays.map { $0.map { $0 * 1e30 } }
    let huge = try LanguageModel(network, model.vocabulary)
    #expect {
      try huge.score(SmallLanguageModel.tokens(100))
    } throws: { error in
      guard case LanguageModelError.diverged(let token)? = error as? LanguageModelError else { return false }
      return (1...100).contains(token)
    }
  }

  @Test func aNetworkOfOtherSizesIsRefused() throws {
    let model = try SmallLanguageModel.make()
    #expect(throws: LanguageModelError.sizes(vocabulary: 2, read: 5, said: 5)) {
      try LanguageModel(model.network, try Vocabulary(.characters, ["a", "b"]))
    }
  }
}
