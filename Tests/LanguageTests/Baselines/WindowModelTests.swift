import Foundation
import Language
import TestSupport
import Testing

@Suite("Softmax on a window")
struct WindowModelTests {
  private static func random(_ count: Int, below vocabulary: Int, seed: UInt64) -> [Int32] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in Int32(generator.number(0...vocabulary - 1)) }
  }

  // MARK: - The update

  // From zero weights: g = 1/V − e_w, ‖g‖² = (V − 1)/V, and each row read goes down by η g/‖g‖.
  @Test(arguments: [2, 7, 8, 9, 33])
  func theFirstStepIsKnown(vocabulary: Int) throws {
    let tokens: [Int32] = [1, 0, 1, 0, 1]
    // One training position, which has nothing before it: the step moves b alone.
    let model = try #require(
      WindowModel(
        tokens: tokens, vocabulary: vocabulary, window: 3, training: 2..<3, validation: 4..<5, passes: 1,
        rate: 0.5))
    let v = Double(vocabulary)
    let scale = 0.5 / ((v - 1) / v).squareRoot()
    let logits = (0..<vocabulary).map { w in -scale * (1 / v - (w == 1 ? 1 : 0)) }
    let normaliser = log(logits.reduce(0) { $0 + exp($1) })
    #expect((model.loss(tokens: tokens, on: 4..<5) - (normaliser - logits[1])).magnitude < 1e-6)
    #expect((model.loss(tokens: tokens, on: 3..<4) - (normaliser - logits[0])).magnitude < 1e-6)
  }

  // The same training in double precision, its gradients by central differences.
  @Test(arguments: [(3, 0), (3, 2), (10, 1)])
  func trainingFollowsFiniteDifferences(vocabulary: Int, window: Int) throws {
    let tokens = Self.random(40, below: vocabulary, seed: 4)
    let training = 5..<34
    let model = try #require(
      WindowModel(
        tokens: tokens, vocabulary: vocabulary, window: window, training: training, validation: 40..<40,
        passes: 2))
    var naive = NaiveWindow(vocabulary: vocabulary, window: window)
    // 29 (√5 − 1)/2 = 17.9, and 17 has no divisor in common with 29.
    for visit in 0..<58 { naive.update(tokens, at: 5 + visit * 17 % 29, from: 5) }
    let expected = (0..<40).map { -naive.loss(tokens, at: $0, from: 0) }
    #expect(
      difference(model.logProbabilities(tokens: tokens, of: 0..<40), expected, absolute: 1e-4) == nil)
  }

  // MARK: - What it learns

  // x_t = x_{t−k} + 1: known from the far end of the window.
  @Test func aRuleOfTheWholeWindowIsLearnt() throws {
    let (k, vocabulary) = (5, 11)
    var tokens = Self.random(k, below: vocabulary, seed: 8)
    while tokens.count < 6_000 { tokens.append((tokens[tokens.count - k] + 1) % Int32(vocabulary)) }
    let model = try #require(
      WindowModel(
        tokens: tokens, vocabulary: vocabulary, window: k, training: 0..<5_000, validation: 5_000..<5_500))
    #expect(model.loss(tokens: tokens, on: 5_500..<6_000) < 0.01)
  }

  // With k = 1 there is a row for each pair: the optimum is the table of pairs.
  @Test func aWindowOfOneIsTheMarkovChain() throws {
    var generator = SeededGenerator(seed: 2)
    var tokens: [Int32] = [0]
    for _ in 1..<20_000 {
      tokens.append(generator.chance(oneIn: 3) ? Int32(generator.number(0...3)) : (tokens.last! + 1) % 4)
    }
    // One of four by chance a third of the time, the next one otherwise.
    let entropy = -(0.75 * log(0.75) + 3 * (1.0 / 12) * log(1.0 / 12))
    let model = try #require(
      WindowModel(
        tokens: tokens, vocabulary: 4, window: 1, training: 0..<20_000, validation: 0..<20_000))
    #expect((model.loss(tokens: tokens, on: 0..<20_000) - entropy).magnitude < 0.02)
  }

  @Test func withoutAWindowItIsTheUnigram() throws {
    let tokens = (0..<9_000).map { Int32([0, 0, 0, 1, 1, 2][$0 * 5 % 6]) }
    let model = try #require(
      WindowModel(tokens: tokens, vocabulary: 3, window: 0, training: 0..<9_000, validation: 0..<9_000))
    let entropy: Double = log(2) / 2 + log(3) / 3 + log(6) / 6
    #expect((model.loss(tokens: tokens, on: 0..<9_000) - entropy).magnitude < 0.005)
  }

  @Test func aTextOfOneSymbol() throws {
    let tokens = [Int32](repeating: 0, count: 20)
    let model = try #require(
      WindowModel(tokens: tokens, vocabulary: 1, window: 2, training: 0..<10, validation: 10..<15))
    #expect(model.validationLosses == [0, 0, 0] && model.loss(tokens: tokens, on: 0..<20) == 0)
  }

  // MARK: - What it is

  @Test func probabilitiesSumToOne() throws {
    let text = Self.random(2_000, below: 21, seed: 6)
    let model = try #require(
      WindowModel(tokens: text, vocabulary: 21, window: 4, training: 0..<1_500, validation: 1_500..<2_000))
    for context in [[], [3], [20, 0, 7], [1, 2, 3, 4], [1, 2, 3, 4, 5, 6]] as [[Int32]] {
      let sum = (0..<21).reduce(0) { sum, w in
        sum + exp(-model.loss(tokens: context + [Int32(w)], on: context.count..<context.count + 1))
      }
      #expect((sum - 1).magnitude < 1e-5)
    }
  }

  // Steps of 200: differences of logits whose exponentials float32 does not have.
  @Test func logitsOfAnySize() throws {
    let tokens = (0..<400).map { Int32($0 % 2) }
    let model = try #require(
      WindowModel(
        tokens: tokens, vocabulary: 20, window: 2, training: 0..<300, validation: 300..<400, rate: 200))
    #expect(model.logProbabilities(tokens: tokens, of: 300..<400).allSatisfy { $0 <= 0 && $0 > -1e-6 })
    let surprised = model.logProbabilities(tokens: [0, 1, 19, 19, 1], of: 2..<5)
    #expect(surprised[0] < -100 && surprised.allSatisfy { $0.isFinite && $0 <= 0 })
  }

  @Test func theBestPassIsKept() throws {
    // The validation range contradicts the training range: every pass is worse than the one before.
    let tokens = [Int32](repeating: 0, count: 300) + [Int32](repeating: 1, count: 100)
    let model = try #require(
      WindowModel(
        tokens: tokens, vocabulary: 2, window: 2, training: 0..<300, validation: 310..<400, passes: 4))
    #expect(model.validationLosses.count == 4)
    #expect(model.validationLosses == model.validationLosses.sorted())
    #expect(model.loss(tokens: tokens, on: 310..<400) == model.validationLosses[0])
  }

  @Test func nothingButTheTrainingRangeIsLearnt() throws {
    func logs(_ seed: UInt64) throws -> [Double] {
      let tokens = Self.random(50, below: 6, seed: seed) + Self.random(400, below: 6, seed: 1)
      let model = try #require(
        WindowModel(tokens: tokens, vocabulary: 6, window: 3, training: 50..<300, validation: 300..<350))
      return model.logProbabilities(tokens: tokens, of: 53..<450)
    }
    #expect(try logs(2) == logs(3))
  }

  @Test func largeVocabulariesAreNotForIt() {
    func model(_ vocabulary: Int) -> WindowModel? {
      WindowModel(tokens: [0, 1, 0], vocabulary: vocabulary, window: 2, training: 0..<2, validation: 2..<3)
    }
    #expect(model(WindowModel.largestVocabulary) != nil)
    #expect(model(WindowModel.largestVocabulary + 1) == nil)
  }

  @Test func emptyRanges() throws {
    let model = try #require(
      WindowModel(tokens: [0, 1, 2], vocabulary: 4, window: 2, training: 1..<1, validation: 2..<2))
    #expect(model.validationLosses.allSatisfy { $0.isNaN })
    #expect((model.loss(tokens: [0, 1, 2], on: 0..<3) - log(4)).magnitude < 1e-6)
    #expect(model.loss(tokens: [0, 1, 2], on: 1..<1).isNaN)
  }
}

/// The model in double precision, with gradients by central differences.
private struct NaiveWindow {
  let vocabulary: Int
  let window: Int
  private var rows: [[Double]]
  private var squares: [Double]

  init(vocabulary: Int, window: Int) {
    (self.vocabulary, self.window) = (vocabulary, window)
    rows = Array(repeating: Array(repeating: 0, count: vocabulary), count: 1 + window * vocabulary)
    squares = Array(repeating: 0, count: rows.count)
  }

  private func read(_ tokens: [Int32], at position: Int, from start: Int) -> [Int] {
    [0]
      + stride(from: 1, through: window, by: 1).filter { position - $0 >= start }.map {
        1 + ($0 - 1) * vocabulary + Int(tokens[position - $0])
      }
  }

  func loss(_ tokens: [Int32], at position: Int, from start: Int) -> Double {
    let read = read(tokens, at: position, from: start)
    let logits = (0..<vocabulary).map { w in read.reduce(0) { $0 + rows[$1][w] } }
    return log(logits.reduce(0) { $0 + exp($1) }) - logits[Int(tokens[position])]
  }

  mutating func update(_ tokens: [Int32], at position: Int, from start: Int) {
    let h = 1e-5
    let read = read(tokens, at: position, from: start)
    let gradients = read.map { row in
      (0..<vocabulary).map { w in
        var (above, below) = (self, self)
        above.rows[row][w] += h
        below.rows[row][w] -= h
        return (above.loss(tokens, at: position, from: start) - below.loss(tokens, at: position, from: start))
          / (2 * h)
      }
    }
    for (row, gradient) in zip(read, gradients) {
      squares[row] += gradient.reduce(0) { $0 + $1 * $1 }
      for w in gradient.indices { rows[row][w] -= gradient[w] / squares[row].squareRoot() }
    }
  }
}
