import GradientFlow

/// What an observer saw of a course, and how it ended.
final class TrainingRun<Element: Scalar>: TrainingObserver {
  /// The update after which it ends; nil to go on.
  private let last: Int?
  private let detail: @Sendable (Int) -> TrainingDetail?
  private let evaluates: @Sendable (Int) -> Bool

  private(set) var accounts: [UpdateAccount] = []
  /// Of each update, by place.
  private(set) var profilesByPlace: [[TrainingProfile]] = []
  /// Of the last place.
  var profiles: [TrainingProfile?] { profilesByPlace.map(\.last) }
  private(set) var evaluations: [(iteration: Int, evaluation: TaskEvaluation?)] = []
  /// After each update.
  private(set) var snapshots: [TrainingSnapshot<Element>] = []
  /// The iteration of every call, in order.
  private(set) var iterations: [Int] = []
  private(set) var outcome: TrainingCourse<Element>.Outcome?

  init(
    until last: Int? = nil, detail: @escaping @Sendable (Int) -> TrainingDetail? = { _ in nil },
    evaluates: @escaping @Sendable (Int) -> Bool = { _ in false }
  ) {
    self.last = last
    self.detail = detail
    self.evaluates = evaluates
  }

  func detail(of iteration: Int) -> TrainingDetail? {
    iterations.append(iteration)
    return detail(iteration)
  }

  func evaluates(after iteration: Int) -> Bool { evaluates(iteration) }

  func updated(_ account: UpdateAccount, _ found: [TrainingProfile]) {
    iterations.append(account.iteration)
    accounts.append(account)
    profilesByPlace.append(found)
  }

  func evaluated(after iteration: Int, _ evaluation: TaskEvaluation?) {
    iterations.append(iteration)
    evaluations.append((iteration, evaluation))
  }

  func shouldContinue(after iteration: Int, snapshot: () -> TrainingSnapshot<Element>) -> Bool {
    iterations.append(iteration)
    snapshots.append(snapshot())
    return iteration != last
  }

  /// Runs a course under this observer.
  func follow(
    _ run: (any TrainingObserver<Element>) throws -> TrainingCourse<Element>.Outcome
  ) rethrows -> Self {
    outcome = try run(self)
    return self
  }

  var end: TrainingEnd? { outcome?.end }
  /// The network when the course had ended.
  var weights: Network<Element>? { outcome?.last.network }
}

/// The event by which a course ended.
extension TrainingEnd {
  var event: TrainingEvent? {
    if case .diverged(let event) = self { return event }
    return nil
  }
}

/// A training in double precision from some weights on, ended after so many updates, without an evaluation.
func updates(
  _ count: Int = 1, _ plan: TrainingPlan, _ task: any LearningTask,
  from weights: Network<Double>, detail: TrainingDetail? = nil
) throws -> TrainingRun<Double> {
  let course = TrainingCourse(
    plan: plan, task: task, start: TrainingSnapshot(network: weights, optimiser: plan.optimiser))
  return try TrainingRun(until: count, detail: { _ in detail }).follow(course.run)
}

/// The same in single precision.
func updates(
  _ count: Int = 1, _ plan: TrainingPlan, _ task: any LearningTask,
  from weights: Network<Float>, detail: TrainingDetail? = nil
) throws -> TrainingRun<Float> {
  let course = TrainingCourse(
    plan: plan, task: task, start: TrainingSnapshot(network: weights, optimiser: plan.optimiser))
  return try TrainingRun(until: count, detail: { _ in detail }).follow(course.run)
}
