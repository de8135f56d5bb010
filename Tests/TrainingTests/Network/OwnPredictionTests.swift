import Foundation
import GradientFlow
import TestSupport
import Testing

/// A network that says sequences alone, made by hand: it remembers nothing, and maps what it reads to what it says.
@Suite("Sequences that a network says alone")
struct OwnPredictionTests {
  /// The class of step t is the token of step t plus one, modulo k; the first token is drawn.
  private struct Counting: LearningTask {
    let k: Int
    var inputSize: Int { k }
    var tokenCount: Int? { k }
    var meanInputSquare: Double { 1 }
    var objective: TaskObjective { .classification }
    var outputSize: Int { k }
    var leastSteps: Int { 1 }
    var topology: SequenceTopology { .oneToMany(.ownOutput) }
    var allowsLengths: Bool { true }
    var hasTargetOfEachStep: Bool { true }
    var success: SuccessRule? { SuccessRule(errorRate: 0.01) }
    func placement(steps: Int) -> LossPlacement { .everyStep }
    func scoredSteps(steps: Int) -> ClosedRange<Int> { 1...steps }
    func chance(steps: Int) -> ChanceLevel {
      ChanceLevel(loss: log(Double(k)), errorRate: 1, outputs: Array(repeating: 0, count: k))
    }

    func sample<Element: Scalar>(
      _ type: Element.Type, steps: Int, batch: Int, draw: SampleDraw
    ) throws(SequenceTaskError) -> TaskSample<Element> {
      var stream = draw.inputs
      let first = (0..<batch).map { _ in stream.integer(below: k) }
      let tokens = (0..<steps).flatMap { t in first.map { ($0 + t) % k } }
      return TaskSample(.tokens(tokens, count: k), classes: tokens.map { ($0 + 1) % k })
    }
  }

  /// Says `answer[token]`, with a logit of 10 against 0.
  private static func network(_ answer: [Int]) -> Network<Double> {
    let k = answer.count
    var weight = Matrix<Double>(rows: k, columns: k)
    for (token, said) in answer.enumerated() { weight.values[said * k + token] = 10 }
    return Network(
      cell: .rnnLinear,
      parameters: RecurrentParameters(
        weightIH: .identity(k), weightHH: Matrix(rows: k, columns: k),
        biasIH: Array(repeating: 0, count: k), biasHH: Array(repeating: 0, count: k)),
      readout: Readout(weight: weight, bias: Array(repeating: 0, count: k)))
  }

  @Test(arguments: [nil, 2]) func whatIsRightIsRightEitherWay(shortest: Int?) throws {
    let test = TestSet(Counting(k: 5), steps: 7, shortestLength: shortest, size: 300, rootSeed: 9)
    let found = try #require(try Self.network([1, 2, 3, 4, 0]).evaluation(on: test))
    #expect(found.errorRate == 0 && found.accuracy == 1 && found.ownAccuracy == 1 && found.isSuccess)
    let expected = log(1 + 4 * exp(-10.0))
    #expect((found.loss - expected).magnitude < 1e-12)
    #expect((try #require(found.ownLoss) - expected).magnitude < 1e-12)
  }

  // It says 0 after 2 where 3 is right: with the right classes before it is wrong at that step alone, by itself it goes
  // round 0, 1, 2 from there on.
  @Test(arguments: [nil, 2]) func aSlipIsPaidForToTheEnd(shortest: Int?) throws {
    let answer = [1, 2, 0, 4, 0]
    let task = Counting(k: 5)
    let found = try #require(
      try Self.network(answer).evaluation(
        on: TestSet(task, steps: 7, shortestLength: shortest, size: 100, rootSeed: 9)))
    let draw = SampleDraw(rootSeed: 9, use: .evaluation(part: 0))
    let sample: TaskSample<Double> =
      try shortest.map {
        try task.sample(
          Double.self, lengths: draw.lengths(shortest: $0, longest: 7, batch: 100), draw: draw)
      } ?? task.sample(Double.self, steps: 7, batch: 100, draw: draw)
    guard case .tokens(let ids, _) = sample.inputs else { return }
    let shape = SequenceShape(steps: 7, batch: 100, inputSize: 1, hiddenSize: 1, lengths: sample.lengths)
    var (wrong, right, ownRight, rows, loss, ownLoss) = (0, 0, 0, 0, 0.0, 0.0)
    var byStep = [Int: (right: Int, ownRight: Int, ownLoss: Double, count: Int)]()
    let (hit, miss) = (log(1 + 4 * exp(-10.0)), log(4 + exp(10.0)))
    for b in 0..<100 {
      var isWrong = false
      var said = ids[shape.firstRow(of: shape.start(of: b) + 1) + b]
      for t in shape.start(of: b) + 1...7 {
        let token = ids[shape.firstRow(of: t) + b]
        let target = (token + 1) % 5
        rows += 1
        if answer[token] == target { right += 1 } else { isWrong = true }
        loss += answer[token] == target ? hit : miss
        said = answer[said]
        if said == target { ownRight += 1 }
        ownLoss += said == target ? hit : miss
        var step = byStep[t - shape.start(of: b)] ?? (0, 0, 0, 0)
        step.right += answer[token] == target ? 1 : 0
        step.ownRight += said == target ? 1 : 0
        step.ownLoss += said == target ? hit : miss
        step.count += 1
        byStep[t - shape.start(of: b)] = step
      }
      wrong += isWrong ? 1 : 0
    }
    #expect(found.errorRate == Double(wrong) / 100)
    #expect(found.accuracy == Double(right) / Double(rows))
    #expect(found.ownAccuracy == Double(ownRight) / Double(rows))
    #expect(found.steps.map(\.step) == Array(1...7))
    for score in found.steps {
      let step = try #require(byStep[score.step])
      let count = Double(step.count)
      #expect(score.count == step.count && score.accuracy == Double(step.right) / count)
      #expect(score.ownAccuracy == Double(step.ownRight) / count)
      #expect((try #require(score.ownLoss) - step.ownLoss / count).magnitude < 1e-12)
    }
    #expect((found.loss - loss / Double(rows)).magnitude < 1e-12)
    #expect((try #require(found.ownLoss) - ownLoss / Double(rows)).magnitude < 1e-12)
    #expect(ownLoss > loss && ownRight < right && wrong > 0 && !found.isSuccess)
  }

  // An encoder that says nothing: both ways start from the same states.
  @Test func aDecoderStartsFromWhatItsEncoderLeft() throws {
    let task = Reversal(symbols: 3)
    let network = NetworkParts(cell: .lstm, embeddingSize: 2).network(for: task)
    let found = try #require(try network.evaluation(on: TestSet(task, steps: 1, size: 100)))
    // At one step nothing of its own is read.
    #expect(found.accuracy == found.ownAccuracy && found.ownLoss == found.loss)
    let longer = try #require(try network.evaluation(on: TestSet(task, steps: 4, size: 100)))
    #expect(longer.ownLoss != longer.loss && longer.steps.count == 4)
  }
}
