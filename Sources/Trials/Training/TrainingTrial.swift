import GradientFlow
import Specification

/// Trains one trial, from its initial weights to its record.
struct TrainingTrial {
  package let p: TrialParameters
  package let training: TrainingParameters
  package let task: any LearningTask
  package let context: TrainingContext

  /// What a course is run by: one function a precision.
  package typealias Run<Element: Scalar> =
    (TrainingCourse<Element>, TrainingRecorder<Element>) throws -> TrainingCourse<Element>.Outcome

  /// The result of training: the record and the final network; nil if training was stopped from outside.
  package struct Result<Element: Scalar> {
    package var record: TrialRecord
    package let network: Network<Element>
    /// Of the whole test set, where the loss reads several steps; nil where training diverged.
    package let evaluation: TaskEvaluation?
    /// At the lengths that it was also to be tested at.
    package let tests: [LengthTest]
  }

  /// Trains, resuming from a checkpoint if there is one.
  ///
  /// - Parameter network: as it is drawn.
  /// - Throws: `SequenceTaskError`, `ModelFileError`, ``RunError``.
  package func run<Element: Scalar>(
    from network: Network<Element>, _ run: Run<Element>
  ) throws -> Result<Element>? {
    let monitor = context.monitor
    let kept = try context.files.flatMap { try TrainingCheckpoint(of: p, like: network, in: $0) }
    let recorder = TrainingRecorder<Element>(
      p, training, task: task, history: kept?.history ?? TrainingHistory(), context)
    monitor?.begin(p, checkpoint: kept?.snapshot.iteration)
    var isDone = false
    defer { monitor?.end(p, isStopped: !isDone, cost: recorder.cost) }
    if kept == nil, context.checkpointEvery > 0 {
      try recorder.writeModel(network, iteration: 0, isLast: false)
    }
    let course = TrainingCourse(
      plan: plan, task: task,
      start: kept?.snapshot ?? TrainingSnapshot(network: network, optimiser: training.optimiser),
      stopsAtSuccess: training.stopsAtSuccess, testLengths: training.testLengths)
    let outcome = try run(course, recorder)
    if let failure = recorder.failure { throw failure }
    if outcome.end == .stopped { return nil }
    recorder.finish(iteration: outcome.last.iteration)
    if case .diverged = outcome.end {
    } else {
      try recorder.writeModel(outcome.last.network, iteration: outcome.last.iteration, isLast: true)
    }
    isDone = true
    return Result(
      record: record(outcome, recorder), network: outcome.last.network, evaluation: outcome.evaluation,
      tests: outcome.tests)
  }

  private var plan: TrainingPlan {
    TrainingPlan(
      steps: p.sequenceLength, batch: p.batchSize, iterations: training.iterations,
      optimiser: training.optimiser, learningRate: training.learningRate, schedule: training.schedule,
      clip: p.clip, penalty: training.penalty, truncation: truncation,
      dropout: p.dropout, shortestLength: p.shortestLength, evaluationSize: training.evaluationSize,
      rootSeed: p.rootSeed, seed: p.seed)
  }

  /// A text whose held-out parts are read in order is trained on in order, too.
  private var truncation: Truncation? {
    let readsOn = (task as? any StreamTask)?.heldOut(.validation) != nil
    return training.truncation
      ?? (readsOn ? Truncation(k1: p.sequenceLength, k2: p.sequenceLength) : nil)
  }

  private func record<Element: Scalar>(
    _ outcome: TrainingCourse<Element>.Outcome, _ recorder: TrainingRecorder<Element>
  ) -> TrialRecord {
    var record = TrialRecord(status: .ok)
    record.updates = Double(outcome.last.iteration)
    record.chanceLoss = task.chance(of: p).loss
    let course = recorder.history.record
    record.training = course
    let last = course.rows.values(.testLoss).last
    if let text = task as? NextToken {
      record.validationLoss = last
      record.testLoss = outcome.evaluation?.loss
      record.baselines = ColumnTable(text.baselines.all)
    } else {
      record.testLoss = last
    }
    record.testError = course.rows.values(.testError).last
    switch outcome.end {
    case .solved(let iteration): record.solvedAt = Double(iteration)
    case .diverged(let event):
      record.status = .diverged
      record.divergedAt = event.step
      record.divergedIteration = Double(event.iteration)
      record.divergedKind = event.kind
      record.layers = LayerRecord.layers(of: outcome.last.network, after: event)
    case .completed, .stopped: break
    }
    // If training continues after success, or resumes from a checkpoint after it, the rows tell.
    if record.solvedAt == nil { record.solvedAt = firstSuccess(course) }
    return record
  }

  /// The first test on the whole test set that met the success rule.
  private func firstSuccess(_ course: TrainingRecord) -> Double? {
    guard let rule = task.success else { return nil }
    let size = TaskEvaluation.size(of: task, wanted: training.evaluationSize)
    for row in 0..<course.rows.rows {
      if let error = course.rows[.testError, row], error < rule.errorRate,
        course.rows[.testSize, row] == Double(size)
      {
        return course.rows[.iteration, row]
      }
    }
    return nil
  }
}
