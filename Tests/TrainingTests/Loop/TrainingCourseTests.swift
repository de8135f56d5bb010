import GradientFlow
import TestSupport
import Testing

@Suite("Courses of training")
struct TrainingCourseTests {
  private static func course(iterations: Int = 1500) -> TrainingCourse<Float> {
    let plan = TrainingPlan(
      steps: 10, batch: 20, iterations: iterations, optimiser: .adam(decay1: 0.9, decay2: 0.999),
      learningRate: 0.01, clip: .globalNorm(1), evaluationSize: 1000, rootSeed: 2, seed: 2)
    let weights = Network.random(.rnn, for: TemporalOrder(), hidden: 16, seed: 3)
    return TrainingCourse(
      plan: plan, task: TemporalOrder(),
      start: TrainingSnapshot(network: weights.converted(to: Float.self), optimiser: plan.optimiser))
  }

  @Test func temporalOrderIsLearned() throws {
    let run = try TrainingRun<Float>(evaluates: { $0 % 50 == 0 }).follow(Self.course().run)
    guard case .solved(let iteration) = try #require(run.end) else {
      Issue.record("ended as \(String(describing: run.end))")
      return
    }
    #expect(iteration <= 1000 && iteration % 50 == 0 && run.accounts.count == iteration)
    let last = try #require(run.evaluations.last?.evaluation)
    #expect(last.isSuccess && last.sequences == 1000 && (last.errorRate ?? 1) < 0.01)
    #expect(run.evaluations.map(\.iteration) == Array(stride(from: 0, through: iteration, by: 50)))
    #expect(run.evaluations.dropLast().allSatisfy { $0.evaluation?.isSuccess == false })
    #expect(run.accounts.map(\.iteration) == Array(1...iteration))
    #expect(run.outcome?.last.iteration == iteration)
    // In the order of the updates: asked, updated, perhaps evaluated, asked to continue.
    #expect(run.iterations == run.iterations.sorted())
  }

  @Test func isTheSameTwice() throws {
    let (first, second) = (
      try TrainingRun<Float>(until: 20).follow(Self.course().run),
      try TrainingRun<Float>(until: 20).follow(Self.course().run)
    )
    #expect(first.accounts == second.accounts && first.snapshots == second.snapshots)
  }

  @Test func endsWhenItIsTold() throws {
    let run = try TrainingRun<Float>(until: 7).follow(Self.course().run)
    #expect(run.end == .stopped && run.accounts.count == 7 && run.outcome?.last.iteration == 7)
    #expect(run.evaluations.isEmpty)
  }

  @Test func endsAfterItsUpdatesWithAnEvaluation() throws {
    let run = try TrainingRun<Float>().follow(Self.course(iterations: 5).run)
    #expect(run.end == .completed && run.accounts.count == 5)
    #expect(run.evaluations.map(\.iteration) == [5])
  }

  // A learning rate by which the network is lost after some updates.
  @Test func divergenceEndsIt() throws {
    let plan = TrainingPlan(
      steps: 6, batch: 3, iterations: 50, learningRate: 100, evaluationSize: 100, seed: 1)
    let weights = Network.random(.rnnLinear, for: AddingProblem(), scale: 1.5)
    let course = TrainingCourse(
      plan: plan, task: AddingProblem(),
      start: TrainingSnapshot(network: weights.converted(to: Float.self), optimiser: .sgd))
    let run = try TrainingRun<Float>().follow(course.run)
    let event = try #require(run.end?.event)
    #expect(event.iteration == run.accounts.count + 1 && event.iteration > 1)
    #expect(run.snapshots.count == run.accounts.count)
    // Up to then everything was a number.
    #expect(run.accounts.allSatisfy { $0.loss.isFinite && $0.updateNorm.isFinite })
    #expect(run.snapshots.allSatisfy { $0.network.isFinite })
  }

  // The update before is one that the test set does not survive.
  @Test func anEvaluationBeyondTheRangeEndsIt() throws {
    var weights = Network.random(.rnn, for: AddingProblem())
    weights.readout.bias = [1e200]
    let plan = TrainingPlan(
      steps: 6, batch: 3, iterations: 5, learningRate: 1e-300, evaluationSize: 100, seed: 1)
    let course = TrainingCourse(
      plan: plan, task: AddingProblem(),
      start: TrainingSnapshot(network: weights, optimiser: .sgd))
    let run = try TrainingRun<Double>(evaluates: { _ in true }).follow(course.run)
    #expect(run.end?.event?.kind == .loss)
    let first = try #require(run.evaluations.first)
    #expect(first.iteration == 0 && first.evaluation == nil)
  }

  // A network that has learned the task, with the test after every update.
  @Test(arguments: [true, false]) func successIsTheEndWhereItIsToBe(stops: Bool) throws {
    let learned = try TrainingRun<Float>(evaluates: { $0 % 50 == 0 }).follow(Self.course().run)
    var plan = Self.course().plan
    var start = try #require(learned.outcome).last
    start.iteration = 0
    (plan.iterations, plan.learningRate) = (3, 1e-6)
    let course = TrainingCourse(plan: plan, task: TemporalOrder(), start: start, stopsAtSuccess: stops)
    let run = try TrainingRun<Float>(evaluates: { _ in true }).follow(course.run)
    #expect(run.end == (stops ? .solved(iteration: 1) : .completed))
    #expect(run.evaluations.map(\.iteration) == (stops ? [0, 1] : [0, 1, 2, 3]))
    #expect(run.evaluations.allSatisfy { $0.evaluation?.isSuccess == true })
  }

  // A text has no rule.
  @Test func withoutARuleThereIsNoSuccess() throws {
    let task = NextCharacter(text: String(repeating: "a", count: 50))
    let plan = TrainingPlan(
      steps: 4, batch: 2, iterations: 3, learningRate: 0.1, evaluationSize: 100, seed: 1)
    let course = TrainingCourse(
      plan: plan, task: task,
      start: TrainingSnapshot(network: Network.random(.gru, for: task), optimiser: .sgd))
    #expect(try TrainingRun<Double>(evaluates: { _ in true }).follow(course.run).end == .completed)
  }

  @Test func aTaskWithoutSuchSequencesIsRefused() {
    let plan = TrainingPlan(steps: 9, batch: 2, iterations: 3, learningRate: 0.1, seed: 1)
    let course = TrainingCourse(
      plan: plan, task: TemporalOrder(),
      start: TrainingSnapshot(network: Network.random(.rnn, for: TemporalOrder()), optimiser: .sgd))
    #expect(throws: SequenceTaskError.self) { try TrainingRun<Double>().follow(course.run) }
  }
}
