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
  ///
  /// - Parameter profiles: of each layer and direction, in the network's order; empty where it was not looked at.
  func updated(_ account: UpdateAccount, _ profiles: [TrainingProfile])
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

/// What a trained network makes of sequences of some length.
public struct LengthTest: Sendable, Equatable {
  /// T of all of them; of an encoder's where another sequence is said.
  public let steps: Int
  /// nil where a state or the loss leaves the range.
  public let evaluation: TaskEvaluation?
}

/// A training from a snapshot to its end.
public struct TrainingCourse<Element: Scalar>: Sendable {
  public let plan: TrainingPlan
  public let task: any LearningTask
  public let start: TrainingSnapshot<Element>
  /// Whether it ends when the task is solved.
  public let stopsAtSuccess: Bool
  /// Steps of sequences that the network is also tested on when it has been trained.
  public let testLengths: [Int]

  public init(
    plan: TrainingPlan, task: any LearningTask, start: TrainingSnapshot<Element>,
    stopsAtSuccess: Bool = true, testLengths: [Int] = []
  ) {
    self.plan = plan
    self.task = task
    self.start = start
    self.stopsAtSuccess = stopsAtSuccess
    self.testLengths = testLengths
  }

  /// The result of a course: its end, the network as it was then, and what it makes of test sequences.
  public struct Outcome: Sendable {
    public let end: TrainingEnd
    public let last: TrainingSnapshot<Element>
    /// What it makes of the whole test set, of a task whose loss reads several steps, or of the test part of a text; nil
    /// for others, and where the training was stopped or diverged.
    public let evaluation: TaskEvaluation?
    /// At ``TrainingCourse/testLengths``; empty where the training was stopped or diverged.
    public let tests: [LengthTest]
  }
}

// One function a precision: the compiler then makes one loop of each cell and precision.
extension TrainingCourse where Element == Float {
  /// Trains.
  ///
  /// - Throws: ``SequenceTaskError`` where the task has no sequences of that length.
  public func run(_ observer: any TrainingObserver<Float>) throws(SequenceTaskError) -> Outcome {
    try start.network.cell.accept(CourseVisitor(course: self, observer: observer)).get()
  }
}

extension TrainingCourse where Element == Double {
  /// Trains.
  ///
  /// - Throws: ``SequenceTaskError`` where the task has no sequences of that length.
  public func run(_ observer: any TrainingObserver<Double>) throws(SequenceTaskError) -> Outcome {
    try start.network.cell.accept(CourseVisitor(course: self, observer: observer)).get()
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
    var loop = TrainingLoop<Cell>(course.plan, task: course.task, from: course.start)
    var evaluation: TaskEvaluation?
    let end = try train(&loop, &evaluation)
    var tests: [LengthTest] = []
    switch end {
    case .solved, .completed:
      if loop.hasHeldOutParts {
        evaluation = try loop.evaluateWhole()
      } else if course.task.placement(steps: course.plan.steps).count(of: course.plan.steps) == 1 {
        evaluation = nil
      } else if evaluation?.sequences
        != TaskEvaluation.size(of: course.task, wanted: course.plan.evaluationSize)
      {
        // The last test has read a tenth of it or, where training resumed after its last update, was not made here.
        evaluation = try loop.evaluateWhole()
      }
      for steps in course.testLengths {
        tests.append(LengthTest(steps: steps, evaluation: try loop.evaluate(at: steps)))
      }
    case .diverged, .stopped: evaluation = nil
    }
    return TrainingCourse.Outcome(end: end, last: loop.snapshot, evaluation: evaluation, tests: tests)
  }

  /// - Parameter evaluation: the last test.
  private func train<Cell: RecurrentCell>(
    _ loop: inout TrainingLoop<Cell>, _ evaluation: inout TaskEvaluation?
  ) throws(SequenceTaskError) -> TrainingEnd where Cell.Element == Element {
    if loop.iteration == 0, observer.evaluates(after: 0) {
      observer.evaluated(after: 0, try loop.evaluate())
    }
    while loop.iteration < course.plan.iterations {
      let number = loop.iteration + 1
      switch try loop.update(observing: observer.detail(of: number)) {
      case .diverged(let event): return .diverged(event)
      case .updated(let account, let profiles): observer.updated(account, profiles)
      }
      if observer.evaluates(after: number) || number == course.plan.iterations {
        evaluation = try loop.evaluate()
        observer.evaluated(after: number, evaluation)
        guard let evaluation else {
          return .diverged(TrainingEvent(kind: .loss, iteration: number, step: course.plan.steps))
        }
        if evaluation.isSuccess, course.stopsAtSuccess { return .solved(iteration: number) }
      }
      if !observer.shouldContinue(after: number, snapshot: { loop.snapshot }) { return .stopped }
    }
    return .completed
  }
}
