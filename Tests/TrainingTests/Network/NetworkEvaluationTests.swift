import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("Tests of networks")
struct NetworkEvaluationTests {
  /// −log of what the network gives the right class, and whether that is the largest, of one row.
  private static func term(
    _ distribution: ArraySlice<Double>, _ target: Int
  ) -> (loss: Double, isRight: Bool) {
    let values = Array(distribution)
    return (-log(values[target]), values.firstIndex(of: values.max() ?? 0) == target)
  }

  /// Distributions of one sequence of a packed batch, each run alone.
  private static func alone(
    _ network: Network<Double>, _ sample: TaskSample<Double>, _ b: Int
  ) throws -> (classes: [Int], distributions: [ArraySlice<Double>]) {
    let lengths = try #require(sample.lengths)
    guard case .tokens(let ids, let count) = sample.inputs else { return ([], []) }
    let shape = SequenceShape(
      steps: lengths.steps, batch: lengths.batch, inputSize: 1, hiddenSize: 1, lengths: lengths)
    let rows = (shape.start(of: b) + 1...shape.steps).map { shape.firstRow(of: $0) + b }
    let found = try #require(
      network.distributions(
        on: NetworkInputs(
          shape: BatchShape(steps: rows.count, batch: 1),
          inputs: .tokens(rows.map { ids[$0] }, count: count))))
    let size = network.readout.outputSize
    return (rows.map { sample.classes[$0] }, rows.indices.map { found[$0 * size..<($0 + 1) * size] })
  }

  // Means over real steps: each sequence is run alone, and every step of every sequence counts alike.
  @Test(arguments: [CellKind.rnn, .lstm, .gru])
  func lengthsCountByTheirSteps(cell: CellKind) throws {
    let task = NextCharacter(text: String(repeating: "she sells sea shells on the sea shore. ", count: 4))
    let network = NetworkParts(cell: cell, isBidirectional: true, embeddingSize: 3).network(for: task)
    let test = TestSet(task, steps: 9, shortestLength: 2, size: 200, rootSeed: 9)
    let found = try #require(try network.evaluation(on: test))
    var (loss, right, count) = (0.0, 0, 0)
    var byStep = [Int: (loss: Double, right: Int, count: Int)]()
    for part in 0..<2 {
      let draw = SampleDraw(rootSeed: 9, use: .evaluation(part: part))
      let sample = try task.sample(
        Double.self, lengths: draw.lengths(shortest: 2, longest: 9, batch: 100), draw: draw)
      for b in 0..<100 {
        let (classes, distributions) = try Self.alone(network, sample, b)
        for (t, target) in classes.enumerated() {
          let term = Self.term(distributions[t], target)
          loss += term.loss
          count += 1
          right += term.isRight ? 1 : 0
          let sums = byStep[t + 1] ?? (0, 0, 0)
          byStep[t + 1] = (sums.loss + term.loss, sums.right + (term.isRight ? 1 : 0), sums.count + 1)
        }
      }
    }
    #expect((found.loss - loss / Double(count)).magnitude < 1e-12)
    #expect((try #require(found.accuracy) - Double(right) / Double(count)).magnitude < 1e-15)
    #expect(found.perplexity == exp(found.loss) && found.sequences == 200 && found.errorRate == nil)
    #expect(found.steps.map(\.step) == Array(1...9))
    for score in found.steps {
      let sums = try #require(byStep[score.step])
      #expect(score.count == sums.count && score.accuracy == Double(sums.right) / Double(sums.count))
      #expect((score.loss - sums.loss / Double(sums.count)).magnitude < 1e-12)
      #expect(score.perplexity == exp(score.loss))
    }
  }

  /// A network without bias that knows nothing: every class is as likely.
  private static func ignorant(_ task: any LearningTask) -> Network<Double> {
    var network = NetworkParts(cell: .gru, layers: 1).network(for: task)
    network.readout = Readout(
      weight: Matrix(rows: task.outputSize, columns: 4), bias: Array(repeating: 0, count: task.outputSize))
    return network
  }

  @Test func otherLengthsThanThoseOfTheTrainingAreAsked() throws {
    let task = BitMemorisation(bits: 2)
    let network = NetworkParts(cell: .lstm).network(for: task)
    for steps in [6, 15] {
      let plan = TrainingPlan(
        steps: steps, batch: 2, iterations: 1, learningRate: 0, evaluationSize: 100, rootSeed: 9, seed: 1)
      let course = TrainingCourse(
        plan: plan, task: task, start: TrainingSnapshot(network: network, optimiser: .sgd),
        testLengths: [6, 15])
      let run = try TrainingRun<Double>().follow(course.run)
      let tests = try #require(run.outcome).tests
      #expect(tests.map(\.steps) == [6, 15])
      let own = try #require(run.evaluations.last?.evaluation)
      #expect(tests.first { $0.steps == steps }?.evaluation == own)
      #expect(tests[0].evaluation?.loss != tests[1].evaluation?.loss)
      #expect(own.steps.map(\.step) == Array(1...steps) && own.steps.allSatisfy { $0.count == 100 })
    }
  }

  // One that was interrupted between its last test and its end goes on to the same outcome.
  @Test func theOutcomeHasAWholeTestByStep() throws {
    let task = Echo(delay: 2, symbols: 4)
    let plan = TrainingPlan(
      steps: 6, batch: 2, iterations: 3, learningRate: 0.1, evaluationSize: 1000, rootSeed: 9, seed: 1)
    func outcome(_ start: TrainingSnapshot<Double>) throws -> TrainingCourse<Double>.Outcome {
      try #require(
        TrainingRun<Double>().follow(TrainingCourse(plan: plan, task: task, start: start).run).outcome)
    }
    let whole = try outcome(TrainingSnapshot(network: Self.ignorant(task), optimiser: .sgd))
    let last = try #require(whole.evaluation)
    #expect(last.steps.map(\.step) == Array(3...6) && last.sequences == 1000)
    #expect(try whole.last.network.evaluation(on: TestSet(task, steps: 6, size: 1000, rootSeed: 9)) == last)
    #expect(try outcome(whole.last).evaluation == last)
  }

  // A tenth of a hopeless test is enough, but other lengths are compared with each other.
  @Test func otherLengthsAreTestedOnTheWholeSet() throws {
    let task = Echo(delay: 2, symbols: 4)
    let plan = TrainingPlan(
      steps: 6, batch: 2, iterations: 1, learningRate: 0, evaluationSize: 1000, rootSeed: 9, seed: 1)
    let course = TrainingCourse(
      plan: plan, task: task, start: TrainingSnapshot(network: Self.ignorant(task), optimiser: .sgd),
      testLengths: [6, 8])
    let run = try TrainingRun<Double>().follow(course.run)
    #expect(try #require(run.evaluations.last?.evaluation).sequences == 100)
    #expect(try #require(run.outcome).tests.map { $0.evaluation?.sequences } == [1000, 1000])
  }

  @Test func whatKnowsNothingHasTheLossOfChanceAtEveryStep() throws {
    let task = Echo(delay: 2, symbols: 4)
    let found = try #require(
      try Self.ignorant(task).evaluation(on: TestSet(task, steps: 7, size: 100)))
    let expected = log(Double(task.outputSize))
    // Before anything comes back, no output counts or the answer is another class; all that count have the same loss.
    #expect((found.loss - expected).magnitude < 1e-12)
    #expect(found.steps.allSatisfy { ($0.loss - expected).magnitude < 1e-12 })
    #expect(found.ownAccuracy == nil && found.ownLoss == nil)
  }

  @Test func aDistributionSumsToOneAndIsThatOfTheLoss() throws {
    let task = TemporalOrder()
    let network = NetworkParts(cell: .lstm).network(for: task)
    let sample = try task.sample(
      Double.self, steps: 10, batch: 3, draw: SampleDraw(rootSeed: 0, use: .evaluation(part: 0)))
    let inputs = NetworkInputs(shape: BatchShape(steps: 10, batch: 3), inputs: sample.inputs)
    let found = try #require(network.distributions(on: inputs))
    #expect(found.count == 30 * 4)
    for row in 0..<30 {
      #expect((found[row * 4..<row * 4 + 4].reduce(0, +) - 1).magnitude < 1e-14)
    }
    var wrong = network
    wrong.readout.bias[0] = .infinity
    #expect(wrong.distributions(on: inputs)?.contains { $0.isNaN } ?? true)
  }
}
