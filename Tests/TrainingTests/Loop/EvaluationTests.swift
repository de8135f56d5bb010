import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("Evaluation in training")
struct EvaluationTests {
  private static func evaluation(
    _ cell: CellKind, _ task: any LearningTask, steps: Int, size: Int, _ weights: Network<Double>
  ) throws -> TaskEvaluation? {
    // Of no updates, the first evaluation is all.
    let plan = TrainingPlan(
      steps: steps, batch: 1, iterations: 1, learningRate: 0, evaluationSize: size, rootSeed: 9, seed: 1)
    let course = TrainingCourse(
      plan: plan, task: task, start: TrainingSnapshot(network: weights, optimiser: .sgd))
    let run = try TrainingRun<Double>(evaluates: { $0 == 0 }).follow(course.run)
    return try #require(run.evaluations.first).evaluation
  }

  /// Loss and number of wrong sequences of parts of the test set, by the naive network.
  private static func naive(
    _ cell: CellKind, _ task: any LearningTask, steps: Int, parts: Range<Int>,
    _ weights: Network<Double>
  ) throws -> (loss: Double, wrong: Int) {
    var (loss, wrong) = (0.0, 0)
    for part in parts {
      let sample = try task.sample(
        Double.self, steps: steps, batch: 100, draw: SampleDraw(rootSeed: 9, use: .evaluation(part: part)))
      let network = NaiveNetwork(cell, weights, task, sample, steps: steps, batch: 100)
      let trace = network.forward()
      loss += network.backward(through: trace).loss / Double(parts.count)
      for b in 0..<100 {
        let isRight = task.scoredSteps(steps: steps).allSatisfy { t in
          let y = network.b_o.indices.map { network.b_o[$0] + dot(network.W_o[$0], trace.h[t][b]) }
          let row = (task.placement(steps: steps) == .finalStep ? 0 : (t - 1) * 100) + b
          if let tolerance = task.success?.tolerance {
            return (y[0] - sample.values[row]).magnitude <= tolerance
          }
          return y.firstIndex(of: y.max() ?? 0) == sample.classes[row]
        }
        if !isRight { wrong += 1 }
      }
    }
    return (loss, wrong)
  }

  @Test(arguments: SmallTask.allCases, [CellKind.rnn, .lstm, .gru])
  func equalsTheNaiveNetwork(kind: SmallTask, cell: CellKind) throws {
    let weights = Network.random(cell, for: kind.task, hidden: 3)
    // 150 sequences are two parts, of which the first is read: it is far from good.
    let found = try #require(
      try Self.evaluation(cell, kind.task, steps: kind.steps, size: 150, weights))
    let expected = try Self.naive(cell, kind.task, steps: kind.steps, parts: 0..<1, weights)
    #expect((found.loss / expected.loss - 1).magnitude < 1e-12)
    #expect(found.errorRate == Double(expected.wrong) / 100 && found.sequences == 100 && !found.isSuccess)
    #expect(expected.wrong > 10)
  }

  // A text has no success rule: all of it is read, and nothing is counted.
  @Test func aTextIsReadToTheEnd() throws {
    let task = NextCharacter(text: String(repeating: "she sells sea shells on the sea shore. ", count: 4))
    let weights = Network.random(.gru, for: task, hidden: 3)
    let found = try #require(try Self.evaluation(.gru, task, steps: 5, size: 300, weights))
    let expected = try Self.naive(.gru, task, steps: 5, parts: 0..<3, weights)
    #expect((found.loss / expected.loss - 1).magnitude < 1e-12)
    #expect(found.errorRate == nil && found.sequences == 300 && !found.isSuccess)
  }

  // MARK: - The success rule

  /// Class 0 at the end, but for the first so many sequences of each part.
  private struct Planned: LearningTask {
    let wrong: [Int]
    var inputSize: Int { 1 }
    var meanInputSquare: Double { 1 }
    var objective: TaskObjective { .classification }
    var outputSize: Int { 2 }
    var leastSteps: Int { 1 }
    var success: SuccessRule? { SuccessRule(errorRate: 0.05) }
    func chance(steps: Int) -> ChanceLevel { ChanceLevel(loss: log(2), errorRate: 0.5, outputs: [0, 0]) }

    func sample<Element: Scalar>(
      _ type: Element.Type, steps: Int, batch: Int, draw: SampleDraw
    ) throws(SequenceTaskError) -> TaskSample<Element> {
      var count = 0
      if case .evaluation(let part) = draw.use { count = wrong[part] }
      return TaskSample(
        inputs: Array(repeating: 0, count: steps * batch), classes: (0..<batch).map { $0 < count ? 1 : 0 })
    }
  }

  /// A network that answers 0.
  private static func planned(_ wrong: [Int]) throws -> TaskEvaluation {
    let task = Planned(wrong: wrong)
    var weights = Network.random(.rnn, for: task, hidden: 2)
    weights.readout = Readout(weight: Matrix(rows: 2, columns: 2), bias: [3, 0])
    return try #require(try evaluation(.rnn, task, steps: 2, size: 100 * wrong.count, weights))
  }

  @Test func aBadTenthEndsIt() throws {
    let found = try Self.planned([6, 4] + Array(repeating: 0, count: 18))
    #expect(found.sequences == 200 && found.errorRate == 0.05 && !found.isSuccess)
  }

  @Test func aGoodTenthIsNoSuccessYet() throws {
    let found = try Self.planned([0, 9] + Array(repeating: 6, count: 18))
    #expect(found.sequences == 2000 && found.errorRate == 117.0 / 2000 && !found.isSuccess)
  }

  @Test func theWholeSetMayBeBetterThanItsParts() throws {
    let found = try Self.planned([0, 9] + Array(repeating: 5, count: 18))
    #expect(found.sequences == 2000 && found.errorRate == 99.0 / 2000 && found.isSuccess)
  }

  @Test func theRuleIsStrict() throws {
    let found = try Self.planned([0, 0] + Array(repeating: 5, count: 16) + [10, 10])
    #expect(found.sequences == 2000 && found.errorRate == 0.05 && !found.isSuccess)
    #expect(try Self.planned([4]).isSuccess && !(try Self.planned([5]).isSuccess))
  }

  // 0.3 and 1.7 are as far from the constant 1; all within 2.
  @Test func aRegressionCountsWhatIsBeyondItsTolerance() throws {
    var weights = Network.random(.rnn, for: AddingProblem(), hidden: 2)
    weights.readout = Readout(weight: Matrix(rows: 1, columns: 2), bias: [1])
    let found = try #require(
      try Self.evaluation(.rnn, AddingProblem(), steps: 6, size: 1000, weights))
    let expected = try Self.naive(.rnn, AddingProblem(), steps: 6, parts: 0..<1, weights)
    #expect(found.errorRate == Double(expected.wrong) / 100 && expected.wrong > 80 && expected.wrong < 100)
  }

  // MARK: - Numbers that are none

  @Test(arguments: SmallTask.allCases) func weightsThatAreNoNumbersAreNoSuccess(kind: SmallTask) throws {
    for array in 0..<6 {
      var weights = Network.random(.lstm, for: kind.task)
      weights.arrays[array][0] = .nan
      #expect(try Self.evaluation(.lstm, kind.task, steps: kind.steps, size: 100, weights) == nil)
    }
    var weights = Network.random(.lstm, for: kind.task)
    weights.readout.bias[0] = .infinity
    #expect(try Self.evaluation(.lstm, kind.task, steps: kind.steps, size: 100, weights) == nil)
  }
}
