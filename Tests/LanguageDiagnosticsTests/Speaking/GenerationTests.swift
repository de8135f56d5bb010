import Foundation
import GradientFlow
import Testing

@Suite("What a model says")
struct GenerationTests {
  private static func said(_ model: LanguageModel<Double>, _ generation: Generation) throws
    -> [Generation.Token]
  {
    var tokens: [Generation.Token] = []
    try model.generate(generation) {
      tokens.append($0)
      return true
    }
    return tokens
  }

  /// χ² of how often each token was said, given the one before, against the model's own distribution.
  ///
  /// A model of one token's memory (W_hh = 0) has a distribution for each token read, which is known in full.
  @Test func frequenciesAreTheDistribution() throws {
    var model = try SmallLanguageModel.make(.rnn, layers: 1)
    var network = model.network
    let place = network.arrayPlaces.firstIndex { $0.name == "weight_hh_l0" } ?? 0
    var arrays = network.arrays
    arrays[place] = arrays[place].map { _ in 0 }
    network.arrays = arrays
    model = try LanguageModel(network, model.vocabulary)
    let count = 20_000
    let tokens =
      [0] + (try Self.said(model, Generation(prompt: [0], length: count, seed: 4))).map { Int($0.id) }
    let size = model.vocabulary.count
    var (square, freedom) = (0.0, 0)
    for read in 0..<size {
      let expected = try SmallLanguageModel.distributions(model, [Int32(read)])[0]
      var counts = [Double](repeating: 0, count: size)
      for k in 0..<count where tokens[k] == read { counts[tokens[k + 1]] += 1 }
      let total = counts.reduce(0, +)
      for k in 0..<size where total * expected[k] > 5 {
        square +=
          (counts[k] - total * expected[k]) * (counts[k] - total * expected[k]) / (total * expected[k])
        freedom += 1
      }
      freedom -= 1
    }
    // Mean and deviation of χ² with so many degrees of freedom; the seed is fixed.
    let (mean, deviation) = (Double(freedom), (2 * Double(freedom)).squareRoot())
    #expect(freedom >= 10)
    #expect((square - mean).magnitude < 4 * deviation, "χ² = \(square) at \(freedom) degrees of freedom")
  }

  /// The same at temperature τ: p^(1/τ), normalised.
  @Test(arguments: [0.5, 2.0]) func temperatureSharpensOrFlattens(temperature: Double) throws {
    let logits = [0.3, -1.2, 2.0, 0.9]
    let rule = SamplingRule(temperature: temperature)
    let weights = logits.map { exp($0 / temperature) }
    let total = weights.reduce(0, +)
    var bounds = 0.0
    for (k, weight) in weights.enumerated() {
      // Every token has the part of [0, 1) that is its probability.
      let middle = bounds + weight / total / 2
      #expect(logits.withUnsafeBufferPointer { rule.token(of: $0, uniform: middle) } == k)
      bounds += weight / total
    }
  }

  @Test func theLikeliestIsSaidAtTemperatureZero() throws {
    let model = try SmallLanguageModel.make()
    let prompt = SmallLanguageModel.tokens(7)
    let rule = SamplingRule(temperature: 0)
    let said = try Self.said(model, Generation(prompt: prompt, length: 20, rule: rule))
    let all = prompt + said.map(\.id)
    let distributions = try SmallLanguageModel.distributions(model, all)
    for k in 0..<20 {
      let p = distributions[prompt.count - 1 + k]
      #expect(p[Int(said[k].id)] == p.max())
      #expect((said[k].logProbability - log(p[Int(said[k].id)])).magnitude < 1e-12)
    }
  }

  @Test func onlyTheTopOnesAreSaid() {
    let logits = [0.1, 3.0, 2.0, 3.0, -1.0]
    let rule = SamplingRule(temperature: 100, topCount: 2)
    let said = Set(
      (0..<1000).map { k in
        logits.withUnsafeBufferPointer { rule.token(of: $0, uniform: Double(k) / 1000) }
      })
    #expect(said == [1, 3])
  }

  @Test func theSameSeedSaysTheSame() throws {
    let model = try SmallLanguageModel.make()
    let generation = Generation(prompt: [1], length: 50, seed: 8)
    #expect(try Self.said(model, generation) == Self.said(model, generation))
    var other = generation
    other.seed = 9
    #expect(try Self.said(model, generation) != Self.said(model, other))
  }

  @Test func endsWhereAsked() throws {
    let model = try SmallLanguageModel.make()
    var count = 0
    try model.generate(Generation(prompt: [1], length: 50)) { _ in
      count += 1
      return count < 3
    }
    #expect(count == 3)
  }
}
