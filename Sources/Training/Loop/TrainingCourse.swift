import LinearAlgebra
import RecurrentCells
import SequenceTasks

/// Who follows a training: decides what is looked at, keeps what is found, and may end it.
public protocol TrainingObserver<Element>: AnyObject {
  associatedtype Element: Scalar
  /// What to measure of an update; nil for nothing beside its account.
  func detail(of iteration: Int) -> TrainingDetail?
  /// Whether the network is evaluated after an update; 0: before the first.
  func evaluates(after iteration: Int) -> Bool
  /// An update was made.
  func updated(_ account: UpdateAccount, _ profile: TrainingProfile?)
  /// The network was evaluated after an update, before ``shouldContinue(after:snapshot:)``; nil where it left the range.
  func evaluated(after iteration: Int, _ evaluation: TaskEvaluation?)
  /// Between two updates; `snapshot` copies everything that training resumes from.
  ///
  /// - Returns: false to end here.
  func shouldContinue(after iteration: Int, snapshot: () -> TrainingSnapshot<Element>) -> Bool
}

/// How a training ended.
public enum TrainingEnd: Sendable, Equatable {
  /// The task's success rule held on the whole test set.
  case solved(iteration: Int)
  /// All updates were made.
  case completed
  /// Numbers left their range.
  case diverged(TrainingEvent)
  /// The observer ended it.
  case stopped
}

/// A training from a snapshot to its end.
public struct TrainingCourse<Element: Scalar>: Sendable {
  public let cell: CellKind
  public let plan: TrainingPlan
  public let task: any LearningTask
  public let start: TrainingSnapshot<Element>
  /// Whether it ends when the task is solved.
  public let stopsAtSuccess: Bool

  public init(
    cell: CellKind, plan: TrainingPlan, task: any LearningTask, start: TrainingSnapshot<Element>,
    stopsAtSuccess: Bool = true
  ) {
    self.cell = cell
    self.plan = plan
    self.task = task
    self.start = start
    self.stopsAtSuccess = stopsAtSuccess
  }

  /// The result of a course: its end, and the network as it was then.
  public typealias Outcome = (end: TrainingEnd, last: TrainingSnapshot<Element>)
}

// One function a precision: the compiler then makes one loop of each cell and precision.
extension TrainingCourse where Element == Float {
  /// Trains.
  ///
  /// - Throws: ``SequenceTaskError`` where the task has no sequences of that length.
  public func run(_ observer: any TrainingObserver<Float>) throws(SequenceTaskError) -> Outcome {
    try cell.accept(CourseVisitor(course: self, observer: observer)).get()
  }
}

extension TrainingCourse where Element == Double {
  /// Trains.
  ///
  /// - Throws: ``SequenceTaskError`` where the task has no sequences of that length.
  public func run(_ observer: any TrainingObserver<Double>) throws(SequenceTaskError) -> Outcome {
    try cell.accept(CourseVisitor(course: self, observer: observer)).get()
  }
}

private struct CourseVisitor<Element: Scalar>: CellVisitor {
  let course: TrainingCourse<Element>
  let observer: any TrainingObserver<Element>

  func visit<Cell: RecurrentCell>(
    _ type: Cell.Type
  ) -> Result<TrainingCourse<Element>.Outcome, SequenceTaskError> where Cell.Element == Element {
    do throws(SequenceTaskError) {
      return .success(try train(type))
    } catch {
      return .failure(error)
    }
  }

  private func train<Cell: RecurrentCell>(
    _ type: Cell.Type
  ) throws(SequenceTaskError) -> TrainingCourse<Element>.Outcome where Cell.Element == Element {
    var loop = TrainingLoop<Cell>(course.plan, task: course.task, kind: course.cell, from: course.start)
    if loop.iteration == 0, observer.evaluates(after: 0) {
      observer.evaluated(after: 0, try loop.evaluate())
    }
    while loop.iteration < course.plan.iterations {
      let number = loop.iteration + 1
      switch try loop.update(observing: observer.detail(of: number)) {
      case .diverged(let event): return (.diverged(event), loop.snapshot)
      case .updated(let account, let profile): observer.updated(account, profile)
      }
      if observer.evaluates(after: number) || number == course.plan.iterations {
        let evaluation = try loop.evaluate()
        observer.evaluated(after: number, evaluation)
        guard let evaluation else {
          let event = TrainingEvent(kind: .loss, iteration: number, step: course.plan.steps)
          return (.diverged(event), loop.snapshot)
        }
        if evaluation.isSuccess, course.stopsAtSuccess { return (.solved(iteration: number), loop.snapshot) }
      }
      if !observer.shouldContinue(after: number, snapshot: { loop.snapshot }) {
        return (.stopped, loop.snapshot)
      }
    }
    return (.completed, loop.snapshot)
  }
}
