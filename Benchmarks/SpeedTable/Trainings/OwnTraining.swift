import GradientFlow

/// Updates of ours, drawing of the sequences included.
struct OwnTraining {
  private let row: TrainingRow

  init(_ row: TrainingRow) { self.row = row }

  /// The loss of every update of a run.
  func losses() throws -> [Double] {
    let stopwatch = UpdateStopwatch(seconds: 0)
    try run(stopwatch)
    return stopwatch.losses
  }

  /// The median over runs of updates, µs an update.
  func time(seconds: Double) throws -> Double {
    let stopwatch = UpdateStopwatch(seconds: seconds)
    try run(stopwatch)
    return median(stopwatch.times)
  }

  // A course, and not its loop, is what is compiled for each cell and precision.
  private func run(_ stopwatch: UpdateStopwatch) throws {
    let course = TrainingCourse(
      plan: row.plan, task: row.task, start: row.start(Float.self), stopsAtSuccess: false)
    let end = try course.run(stopwatch).end
    guard end == .stopped else { throw Peer.Failure(description: "ours, \(row.name): ended, \(end)") }
  }
}

/// Follows a training: keeps the losses of the first run of updates and the times of all others, and ends it.
private final class UpdateStopwatch: TrainingObserver {
  typealias Element = Float
  private let clock = ContinuousClock()
  private let seconds: Double
  /// When it began, after the first run; when the present run did.
  private var start, beginning: ContinuousClock.Instant
  /// Of the first run.
  private(set) var losses: [Double] = []
  /// µs an update, by run.
  private(set) var times: [Double] = []

  init(seconds: Double) {
    self.seconds = seconds
    start = clock.now
    beginning = start
  }

  func updated(_ account: UpdateAccount, _ profiles: [TrainingProfile]) {
    if account.iteration <= TrainingRow.updates { losses.append(account.loss) }
  }

  func shouldContinue(after iteration: Int, snapshot: () -> TrainingSnapshot<Float>) -> Bool {
    guard iteration.isMultiple(of: TrainingRow.updates) else { return true }
    let now = clock.now
    defer { beginning = now }
    // The first one takes its memory from the system.
    if iteration == TrainingRow.updates {
      start = now
      return seconds > 0
    }
    times.append((now - beginning) / .microseconds(1) / Double(TrainingRow.updates))
    return times.count < 3 || (now - start) / .seconds(1) < seconds
  }

  func detail(of iteration: Int) -> TrainingDetail? { nil }
  func evaluates(after iteration: Int) -> Bool { false }
  func evaluated(after iteration: Int, _ evaluation: TaskEvaluation?) {}
}
