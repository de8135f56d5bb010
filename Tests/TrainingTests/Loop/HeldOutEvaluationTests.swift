import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("Tests on a text that is read in order")
struct HeldOutEvaluationTests {
  private static let text: String = {
    let letters: [UInt8] = (0..<6000).map { k in
      let place: Int = k * k / 7 + k / 3
      return UInt8(97 + place % 9)
    }
    return String(decoding: letters, as: UTF8.self)
  }()

  private static func task() throws -> NextToken {
    NextToken(try Corpus(charactersOf: text, validation: 10, test: 15))
  }

  private static func network(_ task: NextToken) throws -> Network<Double> {
    try NetworkRecipe(
      ParameterRecipe(
        cell: .gru, hiddenSize: 8, inputSize: task.inputSize, spectralRadius: 1.2, inputScale: 2, seed: 5),
      layers: 2, outputSize: task.outputSize
    ).network()
  }

  /// Every character of a part, told by a reader that began ``HeldOutStream/context`` characters before its own piece.
  private static func expected(
    _ network: Network<Double>, _ corpus: Corpus, _ part: Range<Int>
  ) throws -> Double {
    let stream = HeldOutStream(tokens: corpus.tokens, part: part, count: corpus.vocabulary.count)
    let model = try LanguageModel(network, corpus.vocabulary)
    var sum = 0.0
    for reader in 0..<stream.readers {
      let first = part.lowerBound + reader * part.count / stream.readers
      let end = part.lowerBound + (reader + 1) * part.count / stream.readers
      let score = try model.score(Array(corpus.tokens[first - HeldOutStream.context - 1..<end]))
      sum -= score.logProbabilities.suffix(end - first).reduce(0, +)
    }
    return sum / Double(part.count)
  }

  @Test func everyCharacterCountsAlike() throws {
    let task = try Self.task()
    let network = try Self.network(task)
    let plan = TrainingPlan(steps: 37, batch: 3, iterations: 1, learningRate: 0.1, seed: 1)
    let loop = TrainingLoop<GRUCell<Double>>(
      plan, task: task, from: TrainingSnapshot(network: network, optimiser: .sgd))
    let parts = task.corpus.parts
    for (found, part) in [(try loop.evaluate(), parts.validation), (try loop.evaluateWhole(), parts.test)] {
      let loss = try Self.expected(network, task.corpus, part)
      #expect(((found?.loss ?? .nan) - loss).magnitude < 1e-12)
      #expect(((found?.perplexity ?? .nan) - exp(loss)).magnitude < 1e-11)
      #expect(((found?.bits ?? .nan) - loss / log(2)).magnitude < 1e-12)
      #expect(found?.sequences == (part.count + 36) / 37)
    }
  }

  @Test func aSmallTestReadsTheBeginningOfTheValidationPart() throws {
    let task = try Self.task()
    let network = try Self.network(task)
    var plan = TrainingPlan(steps: 40, batch: 3, iterations: 1, learningRate: 0.1, seed: 1)
    plan.evaluationSize = 7
    let loop = TrainingLoop<GRUCell<Double>>(
      plan, task: task, from: TrainingSnapshot(network: network, optimiser: .sgd))
    let start = task.corpus.parts.validation.lowerBound
    let loss = try Self.expected(network, task.corpus, start..<start + 280)
    #expect(((try loop.evaluate()?.loss ?? .nan) - loss).magnitude < 1e-12)
  }
}
