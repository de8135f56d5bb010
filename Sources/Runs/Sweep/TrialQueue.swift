import Machine
import Specification

/// A completed trial that is not stored yet.
struct FinishedTrial: Sendable {
  package let trial: TrialParameters
  package let stored: StoredTrial
}

/// What the threads of a sweep share: trials to run, results that wait for the store, and when to stop.
///
/// Threads that compute ``take()`` and ``finish(_:memory:)``; one thread stores, with ``finished(until:gathering:)``.
final class TrialQueue: @unchecked Sendable {
  private let trials: [TrialParameters]
  private let memory: @Sendable (TrialParameters) -> Double
  private let memoryLimit: Double
  private let unsavedLimit: Int
  private let stopsAtFailure: Bool

  /// Guards what follows.
  private let condition = MonotonicCondition()
  private var next = 0
  private var running = 0
  private var reserved = 0.0
  private var unsaved: [FinishedTrial] = []
  private var unsavedBytes = 0
  private var bytesBeingSaved = 0
  private var isStopped = false
  /// Threads that wait for room.
  private var waiting = 0
  /// Whether the thread that stores lets results gather.
  private var isGathering = false
  private var lastGiven = ContinuousClock.now
  private var obstacle: (any Error)?

  /// - Parameters:
  ///   - memory: bytes that a trial needs while it runs.
  ///   - memoryLimit: bytes that the trials running at once may need together; one alone always runs.
  ///   - unsavedLimit: bytes of results above which no trial starts before some are stored.
  package init(
    _ trials: [TrialParameters], memoryLimit: Double, unsavedLimit: Int, stopsAtFailure: Bool,
    memory: @escaping @Sendable (TrialParameters) -> Double
  ) {
    self.trials = trials
    self.memory = memory
    self.memoryLimit = memoryLimit
    self.unsavedLimit = unsavedLimit
    self.stopsAtFailure = stopsAtFailure
  }

  /// The next trial with the memory reserved for it, as soon as there is room; nil when there are no more or all
  /// shall stop.
  package func take() -> (trial: TrialParameters, memory: Double)? {
    condition.withLock {
      while next < trials.count, !isStopped {
        let needed = memory(trials[next])
        let hasRoom = running == 0 || reserved + needed <= memoryLimit
        if hasRoom, unsavedBytes + bytesBeingSaved <= unsavedLimit {
          let trial = trials[next]
          next += 1
          running += 1
          reserved += needed
          return (trial, needed)
        }
        waiting += 1
        condition.wait()
        waiting -= 1
      }
      return nil
    }
  }

  /// Hands in the result of a taken trial. After a stop it is dropped.
  package func finish(_ trial: FinishedTrial, memory: Double) {
    condition.withLock {
      running -= 1
      reserved -= memory
      if !isStopped {
        unsaved.append(trial)
        unsavedBytes += trial.stored.size
        if stopsAtFailure, trial.stored.record.status == .failed { isStopped = true }
      }
      // Whoever has nothing to do yet is not woken for every small trial.
      if waiting > 0 || !isGathering || !canGather { condition.broadcast() }
    }
  }

  /// Whether more results may come before those that are there have to be stored.
  private var canGather: Bool {
    !isStopped && (running > 0 || next < trials.count) && unsavedBytes <= unsavedLimit / 2
  }

  /// A taken trial failed for an external reason: no further trial starts.
  func giveUp(_ error: any Error, memory: Double) {
    condition.withLock {
      running -= 1
      reserved -= memory
      isStopped = true
      if obstacle == nil { obstacle = error }
      condition.broadcast()
    }
  }

  /// Why trials were abandoned; nil if none was.
  var reasonForGivingUp: (any Error)? { condition.withLock { obstacle } }

  /// Results to be stored: all there are, at least one, or none when the time has come. nil when nothing more will
  /// come: at once after a stop, without waiting for the trials that are being computed.
  ///
  /// - Parameter gathering: the least time between two answers with results, while more can come and their memory is
  ///   there: small trials are stored many at a time, for the disk takes as long for one as for a hundred.
  package func finished(
    until moment: ContinuousClock.Instant, gathering: Duration = .zero
  ) -> [FinishedTrial]? {
    condition.withLock {
      while unsaved.isEmpty {
        if isStopped || (running == 0 && next == trials.count) { return nil }
        if !condition.wait(until: moment) { return [] }
      }
      isGathering = true
      while canGather, condition.wait(until: lastGiven + gathering) {}
      isGathering = false
      lastGiven = .now
      defer {
        unsaved = []
        bytesBeingSaved = unsavedBytes
        unsavedBytes = 0
      }
      return unsaved
    }
  }

  /// The results that ``finished(until:gathering:)`` gave are stored.
  package func saved() {
    condition.withLock {
      bytesBeingSaved = 0
      condition.broadcast()
    }
  }

  /// Lets no further trial start; what is finished may still be stored.
  package func stop() {
    condition.withLock {
      isStopped = true
      condition.broadcast()
    }
  }
}
