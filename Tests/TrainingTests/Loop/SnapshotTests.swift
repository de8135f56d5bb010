import GradientFlow
import TestSupport
import Testing

@Suite("Interrupted training")
struct SnapshotTests {
  /// What is trained: whole sequences, pieces of them with a carried state, and a text that is read on.
  enum Reading: String, CaseIterable, Sendable {
    case whole, pieces, piecesOfAFinalLoss, text

    var task: any LearningTask {
      switch self {
      case .whole: return AddingProblem()
      case .pieces: return BitMemorisation(bits: 2)
      case .piecesOfAFinalLoss: return TemporalOrder()
      case .text:
        return NextCharacter(text: String(repeating: "she sells sea shells on the sea shore. ", count: 4))
      }
    }

    /// Whether the fifth update starts from a state of the fourth: not where each has a sequence of its own.
    var carries: Bool { self == .pieces || self == .text }

    var truncation: Truncation? { self == .whole ? nil : Truncation(k1: 3, k2: 6) }
  }

  private static func plan(_ reading: Reading, _ optimiser: Optimiser) -> TrainingPlan {
    TrainingPlan(
      steps: 13, batch: 2, iterations: 10, optimiser: optimiser, learningRate: 0.05, schedule: .cosine,
      clip: .stepNormExample(0.2), truncation: reading.truncation, evaluationSize: 100, seed: 4)
  }

  /// Ten updates at once, and four and six: the same accounts, and the same network, optimiser and state.
  private static func check<Element: Scalar>(
    _ cell: CellKind, _ plan: TrainingPlan, _ task: any LearningTask, carries: Bool,
    _ weights: Network<Element>,
    _ run: (TrainingCourse<Element>, any TrainingObserver<Element>) throws -> TrainingCourse<Element>.Outcome
  ) throws {
    func course(_ start: TrainingSnapshot<Element>) -> TrainingCourse<Element> {
      TrainingCourse(plan: plan, task: task, start: start)
    }
    let fresh = TrainingSnapshot(network: weights, optimiser: plan.optimiser)
    let whole = try TrainingRun<Element>().follow { try run(course(fresh), $0) }
    let first = try TrainingRun<Element>(until: 4).follow { try run(course(fresh), $0) }
    #expect(first.end == .stopped && whole.end == .completed)
    let kept = try #require(first.outcome).last
    #expect(kept == first.snapshots.last && kept.iteration == 4)
    let second = try TrainingRun<Element>().follow { try run(course(kept), $0) }
    #expect(first.accounts + second.accounts == whole.accounts && whole.accounts.count == 10)
    #expect(second.outcome?.last == whole.outcome?.last && whole.outcome?.last.iteration == 10)
    #expect((kept.carried != nil) == carries)
    #expect(second.evaluations.last?.evaluation == whole.evaluations.last?.evaluation)
  }

  @Test(arguments: OptimiserTests.optimisers, Reading.allCases)
  func goesOnToTheSameBits(optimiser: Optimiser, reading: Reading) throws {
    let (plan, task) = (Self.plan(reading, optimiser), reading.task)
    for cell in [CellKind.rnn, .lstm] {
      let weights = Network.random(cell, for: task)
      try Self.check(cell, plan, task, carries: reading.carries, weights) { try $0.run($1) }
      let single = weights.converted(to: Float.self)
      try Self.check(cell, plan, task, carries: reading.carries, single) { try $0.run($1) }
    }
  }

  @Test func withAPenaltyToo() throws {
    var plan = Self.plan(.pieces, .momentum(0.5))
    plan.penalty = NormPreservationPenalty(form: .squaredRatio, weight: 0.3)
    let weights = Network.random(.rnn, for: Reading.pieces.task)
    try Self.check(.rnn, plan, Reading.pieces.task, carries: true, weights) { try $0.run($1) }
  }

  // A snapshot is a value: the training that goes on does not change it.
  @Test func snapshotsStayAsTheyWere() throws {
    let plan = Self.plan(.pieces, .adam(decay1: 0.9, decay2: 0.999))
    let weights = Network.random(.gru, for: Reading.pieces.task)
    let long = try updates(6, plan, Reading.pieces.task, from: weights)
    let short = try updates(3, plan, Reading.pieces.task, from: weights)
    #expect(Array(long.snapshots.prefix(3)) == short.snapshots)
    #expect(long.snapshots.map(\.iteration) == [1, 2, 3, 4, 5, 6])
  }
}
