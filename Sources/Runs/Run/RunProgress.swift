import Specification
import Trials

/// How far a run is.
public struct RunProgress: Sendable, Equatable, Codable {
  /// Trials of the specification.
  public let total: Int
  /// Finished ones, whatever they found.
  public private(set) var done = 0
  /// Of those, which left the range of their precision, and which have no gradients.
  public private(set) var overflowed = 0, underflowed = 0, diverged = 0
  /// Those that could not be run.
  public private(set) var failed = 0

  public init(total: Int) { self.total = total }

  /// Of trials by what is stored of them.
  init(of trials: [TrialParameters], _ known: [String: RunStore.Summary]) {
    total = trials.count
    for trial in trials { count(known[trial.id]?.status) }
  }

  /// Those that have not been run.
  public var left: Int { total - done - failed }

  package mutating func count(_ status: TrialStatus?) {
    switch status {
    case nil: return
    case .failed: failed += 1
    case .ok: done += 1
    case .overflow: (done, overflowed) = (done + 1, overflowed + 1)
    case .underflow: (done, underflowed) = (done + 1, underflowed + 1)
    case .diverged: (done, diverged) = (done + 1, diverged + 1)
    }
  }
}
