import Foundation
import Language
import TestSupport
import Testing

@Suite("Kneser–Ney n-grams of all orders")
struct KneserNeyTests {
  /// Every position of every range, at every order, against the definition.
  private static func disagreement(
    _ tokens: [Int32], vocabulary: Int, training: Range<Int>, scored: [Range<Int>], orders: Int
  ) -> String? {
    let naive = NaiveKneserNey(tokens: tokens, vocabulary: vocabulary, training: training, orders: orders)
    for order in 1...orders {
      let scores = KneserNey.scores(
        tokens: tokens, vocabulary: vocabulary, training: training, scored: scored, orders: orders,
        keeping: order)
      for (r, range) in scored.enumerated() {
        let expected = range.map { log(naive.probability(at: $0, order: order)) }
        let kept = scores.logProbabilities?[r] ?? []
        if let difference = difference(kept, expected, relative: 1e-12, absolute: 1e-12) {
          return "order \(order), range \(range): \(difference)"
        }
        let mean = -expected.reduce(0, +) / Double(range.count)
        if !range.isEmpty, (scores.losses[r][order - 1] - mean).magnitude > 1e-12 * max(1, mean) {
          return "order \(order), range \(range): a loss of \(scores.losses[r][order - 1]) against \(mean)"
        }
      }
    }
    return nil
  }

  private static func random(_ count: Int, below vocabulary: Int, seed: UInt64) -> [Int32] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in Int32(generator.number(0...vocabulary - 1)) }
  }

  // Vocabularies in one, two and four bytes; tokens that never occur; the training range first, last and
  // between.
  @Test(arguments: [(1, 1), (2, 2), (3, 3), (3, 7), (26, 26), (256, 256), (6, 300), (70, 70_000)])
  func agreesWithTheDefinition(used: Int, vocabulary: Int) {
    for (seed, training) in [0..<150, 40..<160, 90..<200, 97..<103].enumerated() {
      let tokens = Self.random(200, below: used, seed: UInt64(seed)).map { $0 * Int32(vocabulary / used) }
      let scored = [0..<training.lowerBound, training.upperBound..<200, 30..<130]
      #expect(
        Self.disagreement(tokens, vocabulary: vocabulary, training: training, scored: scored, orders: 7)
          == nil)
    }
  }

  // Skewed frequencies: all four counts of counts are there, and discounts are the estimated ones.
  @Test func agreesOnTextsWithEstimatedDiscounts() {
    var generator = SeededGenerator(seed: 5)
    var tokens: [Int32] = [0]
    for _ in 1..<900 {
      let step = generator.number(0...11) * generator.number(0...11) / 12
      tokens.append(generator.chance(oneIn: 3) ? Int32(step) : (tokens.last! + 5) % 12)
    }
    #expect(
      Self.disagreement(tokens, vocabulary: 12, training: 0..<700, scored: [700..<900], orders: 6) == nil)
  }

  @Test func agreesOnWrittenText() {
    let text = """
      It was the best of times, it was the worst of times, it was the age of wisdom, it was the age of \
      foolishness, it was the epoch of belief, it was the epoch of incredulity, it was the season of \
      Light, it was the season of Darkness, it was the spring of hope, it was the winter of despair, we \
      had everything before us, we had nothing before us, we were all going direct to Heaven, we were all \
      going direct the other way.
      """
    let tokens = text.unicodeScalars.map { Int32($0.value) }
    let end = tokens.count * 4 / 5
    #expect(
      Self.disagreement(
        tokens, vocabulary: 128, training: 0..<end, scored: [end..<tokens.count, 0..<end], orders: 20) == nil)
  }

  // Copies of a text: no n-gram occurs once, discounts fall back, contexts are longer than all orders.
  @Test func agreesOnRepeatedTexts() {
    let piece = Self.random(25, below: 4, seed: 9)
    let tokens = Array([piece, piece, piece, piece].joined())
    #expect(
      Self.disagreement(tokens, vocabulary: 4, training: 0..<75, scored: [75..<100, 0..<75], orders: 12)
        == nil)
  }

  // 1, 2, 3, … training tokens: contexts that reach beyond either end of the range, and none at all.
  @Test(arguments: 0...6)
  func agreesOnTinyTrainingRanges(count: Int) {
    for start in 0...4 {
      let tokens = Self.random(14, below: 2, seed: UInt64(count))
      let training = start..<start + count
      #expect(
        Self.disagreement(tokens, vocabulary: 2, training: training, scored: [0..<14], orders: 9) == nil)
    }
  }

  // Each token w after the same context, in a range of its own.
  @Test(arguments: [[], [1], [0, 2], [2, 1, 0], [4, 4, 4], [0, 1, 2, 3]] as [[Int32]])
  func probabilitiesSumToOne(context: [Int32]) {
    let vocabulary = 5
    let training = Self.random(120, below: 4, seed: 3)
    var tokens = training
    var scored: [Range<Int>] = []
    for w in 0..<Int32(vocabulary) {
      tokens += [4, 4, 4, 4] + context + [w]
      scored.append(tokens.count - 1..<tokens.count)
    }
    let scores = KneserNey.scores(
      tokens: tokens, vocabulary: vocabulary, training: 0..<training.count, scored: scored, orders: 6)
    for order in 0..<6 {
      let sum = scores.losses.reduce(0) { $0 + exp(-$1[order]) }
      #expect((sum - 1).magnitude < 1e-14)
    }
  }

  // MARK: - Closed forms

  // Counts 5, 4, 3, 2, 2, 1, 1, 1 of 19: Y = 3/7, D₁ = 3/7, D₂ = 19/14, D₃₊ = 9/7.
  @Test func orderOneIsTheDiscountedUnigram() {
    let counts = [5, 4, 3, 2, 2, 1, 1, 1, 0]
    let training = counts.enumerated().flatMap { Array(repeating: Int32($0.offset), count: $0.element) }
    let scored = counts.indices.map { training.count + $0..<training.count + $0 + 1 }
    let scores = KneserNey.scores(
      tokens: training + counts.indices.map { Int32($0) }, vocabulary: 9, training: 0..<19, scored: scored,
      orders: 1)
    let discounts = [0, 3.0 / 7, 19.0 / 14, 9.0 / 7]
    let gamma = counts.reduce(0) { $0 + discounts[min($1, 3)] } / 19
    let expected = counts.map { -log((Double($0) - discounts[min($0, 3)]) / 19 + gamma / 9) }
    #expect(difference(scores.losses.map { $0[0] }, expected, relative: 1e-14) == nil)
  }

  // a b c a b c …: b follows each a, c(ab) = 100. Below it continuation counts 2 (with the start), 1 and 1.
  @Test func aPeriodIsKnownFromItsPairs() {
    let tokens = (0..<360).map { Int32($0 % 3) }
    let scores = KneserNey.scores(
      tokens: tokens, vocabulary: 3, training: 0..<300, scored: [301..<302, 300..<360], orders: 20)
    let unigram = (1 - 0.5) / 4 + 0.5 / 3
    #expect((scores.losses[0][1] + log((100 - 1.5 + 1.5 * unigram) / 100)).magnitude < 1e-14)
    // Nothing is gained or lost by longer contexts but their counts.
    #expect(scores.losses[1].dropFirst().allSatisfy { $0 < 0.02 })
    #expect((scores.losses[1][0] - log(3)).magnitude < 1e-12)
    #expect((scores.bestOrder(range: 1) ?? 0) > 1)
  }

  @Test func aTextOfOneSymbol() {
    let tokens = [Int32](repeating: 0, count: 50)
    let certain = KneserNey.scores(
      tokens: tokens, vocabulary: 1, training: 0..<40, scored: [40..<50], orders: 5)
    #expect(certain.losses == [[0, 0, 0, 0, 0]] && certain.bestOrder(range: 0) == 1)
    let other = KneserNey.scores(
      tokens: tokens, vocabulary: 2, training: 0..<40, scored: [40..<50], orders: 1)
    #expect((other.losses[0][0] + log((40 - 1.5 + 0.75) / 40)).magnitude < 1e-14)
  }

  @Test func withoutTrainingEveryTokenIsAsLikely() {
    let scores = KneserNey.scores(
      tokens: [0, 1, 2, 1], vocabulary: 8, training: 2..<2, scored: [0..<4, 1..<1], orders: 3, keeping: 2)
    #expect(scores.losses[0].allSatisfy { ($0 - log(8)).magnitude < 1e-15 })
    #expect(scores.losses[1].allSatisfy { $0.isNaN } && scores.bestOrder(range: 1) == nil)
    #expect(scores.logProbabilities?.map(\.count) == [4, 0])
  }

  @Test func keptLogarithmsAreThoseOfTheLoss() throws {
    let tokens = Self.random(500, below: 5, seed: 11)
    let scored = [400..<460, 460..<500]
    func scores(keeping order: Int?) -> NGramScores {
      KneserNey.scores(
        tokens: tokens, vocabulary: 5, training: 0..<400, scored: scored, orders: 4, keeping: order)
    }
    #expect(scores(keeping: nil).logProbabilities == nil)
    for order in 1...4 {
      let kept = scores(keeping: order)
      #expect(kept.losses == scores(keeping: nil).losses)
      for (r, logs) in try #require(kept.logProbabilities).enumerated() {
        let mean = -logs.reduce(0, +) / Double(logs.count)
        #expect((mean - kept.losses[r][order - 1]).magnitude < 1e-13)
      }
    }
  }
}
