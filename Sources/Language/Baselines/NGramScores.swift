/// What n-gram models of every order 1…N give the tokens of some ranges.
public struct NGramScores: Sendable, Equatable {
  /// Mean −ln p(t_i | t_{i−1}, …), in nats per token: by scored range, then by order − 1. NaN for an empty
  /// range.
  public let losses: [[Double]]
  /// ln p of the kept order, by scored range, then by position in it; nil if none was kept.
  public let logProbabilities: [[Double]]?

  /// The order with the least loss on a range, the least of equal ones; nil for an empty range.
  public func bestOrder(range: Int) -> Int? {
    guard let least = losses[range].min(), !least.isNaN else { return nil }
    return losses[range].firstIndex(of: least).map { $0 + 1 }
  }
}
