/// Time of updates that were looked at against that of those that were not, measured side by side in one run.
public struct ObservationCost: Sendable, Equatable {
  /// Updates of one kind.
  public struct Updates: Sendable, Equatable {
    public fileprivate(set) var count = 0, seconds = 0.0

    fileprivate var secondsPerUpdate: Double { seconds / Double(count) }

    fileprivate mutating func add(_ other: Updates) {
      count += other.count
      seconds += other.seconds
    }
  }

  /// Plain updates, and those with a profile.
  public private(set) var plain = Updates(), observed = Updates()
  /// Sum over training runs of updates times the time ratio of observed to plain updates, for runs with both.
  private var weightedRatio = 0.0, weight = 0.0

  /// How many times the time of a plain update one with a profile takes, mean over training runs; nil where one kind is
  /// missing.
  public var ratio: Double? { weight > 0 ? weightedRatio / weight : nil }

  /// By what share profiles make training longer; nil if unknown.
  public var overhead: Double? {
    guard let ratio, plain.count + observed.count > 0 else { return nil }
    return (ratio - 1) * Double(observed.count) / Double(plain.count + observed.count)
  }

  mutating func count(seconds: Double, isObserved: Bool) {
    let update = Updates(count: 1, seconds: seconds)
    if isObserved { observed.add(update) } else { plain.add(update) }
  }

  mutating func add(_ other: ObservationCost) {
    plain.add(other.plain)
    observed.add(other.observed)
    guard other.plain.count > 0, other.observed.count > 0, other.plain.seconds > 0 else { return }
    let own = other.observed.secondsPerUpdate / other.plain.secondsPerUpdate
    weightedRatio += own * Double(other.observed.count)
    weight += Double(other.observed.count)
  }
}
