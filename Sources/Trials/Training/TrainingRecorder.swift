import Foundation
import GradientFlow
import Specification

/// Follows one training run: sums updates into rows, keeps profiles, writes models and checkpoints, reports progress.
final class TrainingRecorder<Element: Scalar>: TrainingObserver {
  private let p: TrialParameters
  private let training: TrainingParameters
  private let task: any LearningTask
  private let context: TrainingContext

  private(set) var history: TrainingHistory
  private(set) var lastEvaluation: TaskEvaluation?
  package private(set) var solvedAt: Int?
  /// Why a model or checkpoint could not be written; training ends there.
  package private(set) var failure: (any Error)?
  package private(set) var cost = ObservationCost()
  /// Of the last update looked at, in the last layer read forward.
  private var profile: TrainingProfile?
  private var evaluated = -1
  private var profiled = -1
  private var updateStart = ContinuousClock.now
  private var lastCheckpoint = ContinuousClock.now
  private var lastRest = ContinuousClock.now

  /// Time between two checkpoints; if an update takes longer, there is one after each.
  private static var checkpointInterval: Duration { .seconds(5) }
  /// The sequence length from which updates are reported one by one.
  private static var longUpdate: Duration { .seconds(0.2) }

  package init(
    _ p: TrialParameters, _ training: TrainingParameters, task: any LearningTask, history: TrainingHistory,
    _ context: TrainingContext
  ) {
    self.p = p
    self.training = training
    self.task = task
    self.history = history
    self.context = context
  }

  /// Every so many updates, and at the first, which shows the network as drawn.
  package func detail(of iteration: Int) -> TrainingDetail? {
    updateStart = .now
    let every = training.diagnoseEvery
    return every > 0 && (iteration == 1 || iteration % every == 0) ? training.detail : nil
  }

  package func evaluates(after iteration: Int) -> Bool {
    iteration == 0 || (training.evaluateEvery > 0 && iteration % training.evaluateEvery == 0)
  }

  package func updated(_ account: UpdateAccount, _ found: [TrainingProfile]) {
    history.add(account)
    history.add(found)
    cost.count(seconds: (ContinuousClock.now - updateStart) / .seconds(1), isObserved: !found.isEmpty)
    guard let last = found.last(where: { $0.place.direction == .forward }) else { return }
    profiled = account.iteration
    profile = last
  }

  package func evaluated(after iteration: Int, _ found: TaskEvaluation?) {
    lastEvaluation = found
    evaluated = iteration
    if found?.isSuccess == true, solvedAt == nil { solvedAt = iteration }
    // Before the first update there is no rest.
    if iteration == 0 { closeRow(0, weights: nil) }
    // The end may come before the next rest.
    if iteration > 0, found == nil || (found?.isSuccess == true && training.stopsAtSuccess) {
      closeRow(iteration, weights: nil)
    }
  }

  package func shouldContinue(after iteration: Int, snapshot: () -> TrainingSnapshot<Element>) -> Bool {
    let isRecorded = training.recordEvery > 0 && iteration % training.recordEvery == 0
    let hasRow =
      isRecorded || evaluated == iteration || profiled == iteration || iteration == training.iterations
    let isKept = context.checkpointEvery > 0 && iteration % context.checkpointEvery == 0
    let isEnding = context.isStopped()
    let now = ContinuousClock.now
    if now - lastRest >= Self.longUpdate {
      let seconds = (now - lastRest) / .seconds(1)
      context.monitor?.change(p) { course in
        (course.iteration, course.pausedAt) = (iteration, .now)
        course.longestUpdate = max(seconds, course.longestUpdate ?? 0)
      }
    }
    defer { lastRest = .now }
    let isDue = isEnding || now - lastCheckpoint >= Self.checkpointInterval
    guard hasRow || isKept || isDue else { return true }
    let state = snapshot()
    if hasRow {
      closeRow(iteration, weights: state.network.norm)
      context.monitor?.change(p) { course in
        course.iteration = iteration
        course.loss = history.lastLoss ?? course.loss
        course.testError = lastEvaluation?.errorRate ?? course.testError
      }
    }
    do {
      if isKept { try writeModel(state.network, iteration: iteration, isLast: false) }
      if isDue, let files = context.files {
        try TrainingCheckpoint(snapshot: state, history: history).write(of: p, to: files)
        lastCheckpoint = .now
        context.monitor?.change(p) { ($0.iteration, $0.checkpoint) = (iteration, iteration) }
      }
    } catch {
      failure = error
      return false
    }
    return !isEnding
  }

  /// Writes the network as a model file.
  func writeModel(_ network: Network<Element>, iteration: Int, isLast: Bool) throws {
    guard let files = context.files else { return }
    try files.write(
      try network.tensors(), metadata: TrainingModel.metadata(p, iteration: iteration, task: task),
      to: files.model(p.id, iteration: isLast ? nil : iteration))
  }

  /// Sums up the updates since the last row, if training ended between two rows.
  package func finish(iteration: Int) {
    if history.hasOpenRow { closeRow(iteration, weights: nil) }
  }

  private func closeRow(_ iteration: Int, weights: Double?) {
    let row = history.closeRow(
      TrainingRow(
        iteration: iteration, weights: weights, evaluation: evaluated == iteration ? lastEvaluation : nil,
        profile: profiled == iteration ? profile : nil))
    context.monitor?.add(p, row)
  }
}
