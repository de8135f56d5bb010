import Foundation
import Specification

/// Progress of a sweep's active training runs, and the cost of observing them; shared by its threads.
public final class TrainingMonitor: @unchecked Sendable {
  /// A training as it is now.
  public struct Course: Sendable, Equatable {
    public let trial: TrialParameters
    public internal(set) var iteration: Int
    /// Of the newest row; nil before the first.
    public internal(set) var loss, testError: Double?
    /// The newest profile; nil before the first.
    public internal(set) var profile: Profile?
    /// The update after which training would resume if it stopped now; nil: it would restart.
    public internal(set) var checkpoint: Int?
    /// The most seconds between two pauses, if that was long; nil before.
    public internal(set) var longestUpdate: Double?
    /// The last pause, if updates are long; otherwise the start.
    public internal(set) var restedAt = ContinuousClock.now
  }

  /// What of a profile is watched.
  public struct Profile: Sendable, Equatable {
    /// Of the update.
    public let iteration: Int
    /// log10 ‖∂L/∂h_t‖, t = 1…T.
    public let hidden: [Double]
  }

  private let lock = NSLock()
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
