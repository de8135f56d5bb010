import Foundation
import GradientFlow
import Specification

/// Progress of a sweep's active training runs, and the cost of observing them; shared by its threads.
public final class TrainingMonitor: @unchecked Sendable {
  /// A training as it is now.
  public struct Course: Sendable, Equatable {
    public let trial: TrialParameters
    public internal(set) var iteration: Int
    /// Of the newest row; nil before the first.
    public internal(set) var loss, testError: Double?
    /// The update after which training would resume if it stopped now; nil: it would restart.
    public internal(set) var checkpoint: Int?
    /// The most seconds between two pauses, if that was long; nil before.
    public internal(set) var longestUpdate: Double?
    /// The last pause, if updates are long; otherwise the start.
    public internal(set) var pausedAt = ContinuousClock.now
  }

  /// What of a row of `training.csv` is watched, with the same numbers.
  public struct Row: Sendable {
    public let trial: TrialParameters
    /// Its last update; 0 for the network as drawn.
    public let iteration: Int
    /// Mean loss, and mean log10 of the gradient's norm before clipping, of the updates since the row before; nil where
    /// there are none.
    public let loss, gradBefore: Double?
    /// Of the profile of its last update in the last layer, read forward: log10 ‖∂L/∂h_t‖, t = 1…T; nil where there is
    /// none.
    public let hidden: [Double]?
    /// That layer, in a network of several layers or directions; nil in others.
    public let place: LayerPlace?

    init(_ trial: TrialParameters, _ row: TrainingRow) {
      (self.trial, iteration) = (trial, row.iteration)
      loss = TrainingColumn.loss.value(row)
      gradBefore = TrainingColumn.gradBefore.value(row)
      hidden = row.profile.map { Array($0.hidden.dropFirst()) }
      place = row.profile.flatMap { $0.places > 1 ? $0.place : nil }
    }
  }

  private let lock = NSLock()
  /// Rows that the watcher has not taken yet; nil: no one watches, and none are kept.
  private var rows: [Row]?
  private var courses: [String: Course] = [:]
  private var ended: [Course] = []
  private var cost = ObservationCost()

  public init() {}

  /// The active training runs, the furthest first.
  public var running: [Course] {
    lock.withLock { courses.values.sorted { ($0.iteration, $0.trial.id) > ($1.iteration, $1.trial.id) } }
  }

  /// What looking has cost so far.
  public var observationCost: ObservationCost { lock.withLock { cost } }

  /// The training runs stopped before they were done.
  public var stopped: [Course] { lock.withLock { ended } }

  /// From now on every row is kept until it is taken.
  public func watch() { lock.withLock { rows = rows ?? [] } }

  /// The rows since the last call, those of each training run in order; none without ``watch()``.
  public func takeRows() -> [Row] {
    lock.withLock {
      defer { if rows != nil { rows = [] } }
      return rows ?? []
    }
  }

  /// A training run has a row more.
  func add(_ trial: TrialParameters, _ row: TrainingRow) {
    lock.withLock { rows?.append(Row(trial, row)) }
  }

  /// Waits until all training runs have stopped: each ends after its current update, with a checkpoint.
  ///
  /// - Parameter linger: called once with those that need more than a moment.
  package func waitForRest(_ linger: ([Course]) -> Void) {
    let start = ContinuousClock.now
    var isAnnounced = false
    while case let left = running, !left.isEmpty {
      if !isAnnounced, ContinuousClock.now - start > .seconds(0.3) {
        isAnnounced = true
        linger(left)
      }
      usleep(5_000)
    }
  }

  /// A training run starts, perhaps from a checkpoint.
  package func begin(_ trial: TrialParameters, checkpoint: Int?) {
    lock.withLock {
      var course = Course(trial: trial, iteration: checkpoint ?? 0)
      course.checkpoint = checkpoint
      courses[trial.id] = course
    }
  }

  /// Something of an active training run is another now.
  package func change(_ trial: TrialParameters, _ change: (inout Course) -> Void) {
    lock.withLock {
      guard var course = courses[trial.id] else { return }
      change(&course)
      courses[trial.id] = course
    }
  }

  /// - Parameter isStopped: whether it was ended before it was done.
  package func end(_ trial: TrialParameters, isStopped: Bool, cost other: ObservationCost) {
    lock.withLock {
      if let course = courses.removeValue(forKey: trial.id), isStopped { ended.append(course) }
      cost.add(other)
    }
  }
}
