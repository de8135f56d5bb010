import LinearAlgebra

/// The random numbers that a ``TiedLSTMMeanField`` is solved with: the same for all its scales and biases, so that many
/// solutions for as many steps may share them.
public struct MeanFieldNoise: Sendable {
  /// T.
  public let steps: Int
  /// S.
  public let sites: Int
  /// Of the independent solutions.
  let replicas: [MatchedNoise]

  /// - Parameters:
  ///   - steps: T ≥ 1.
  ///   - sites: S of a replica, ≥ 4(T+1).
  ///   - replicas: ≥ 2 independent solutions.
  /// - Complexity: O(T²·S·replicas); 4·(T+1)·S·replicas numbers in memory.
  public init(steps: Int, sites: Int = 4000, replicas: Int = 8, seed: UInt64 = 0) {
    precondition(steps >= 1, "an LSTM of \(steps) steps")
    precondition(sites >= 4 * (steps + 1), "\(steps) steps need at least \(4 * (steps + 1)) sites")
    precondition(replicas >= 2, "an error needs at least 2 replicas, not \(replicas)")
    (self.steps, self.sites) = (steps, sites)
    self.replicas = (0..<replicas).map { replica in
      withDenormalsFlushed { MatchedNoise(steps: steps, sites: sites, seed: seed, replica: replica) }
    }
  }

  /// What it takes in memory.
  public var byteCount: Int { replicas.reduce(0) { $0 + $1.byteCount } }
}
