import GradientFlow

/// How many sequences of a batch have each lag, where their lengths differ: fewer and fewer.
struct SequenceCounts {
  /// By lag, the median over the seeds.
  private let counts: [Double]

  /// - Parameter steps: one a seed.
  /// - Returns: nil where all sequences have every lag.
  init?(_ steps: [LayerSteps]) {
    let longest = steps.map(\.steps).max() ?? 0
    guard steps.contains(where: { $0.sequences(lag: 0) != $0.sequences(lag: $0.steps - 1) }) else {
      return nil
    }
    counts = (0..<longest).map { lag in
      quantile(steps.map { lag < $0.steps ? Double($0.sequences(lag: lag)) : 0 }, 0.5) ?? 0
    }
  }

  func count(lag: Int) -> Double? { counts.indices.contains(lag) ? counts[lag] : nil }

  /// Of ascending lags, the place of the first one that fewer than half of the sequences have, or fewer than two: what is
  /// seen there may be of some odd sequences.
  func firstFew(of lags: [Int]) -> Int? {
    let least = max(2, (counts.first ?? 0) / 2)
    return lags.firstIndex { (count(lag: $0) ?? 0) < least }
  }

  /// What a caption says.
  static func note(_ counts: [SequenceCounts]) -> [String] {
    counts.isEmpty
      ? []
      : [
        "lag: from each sequence's own end; thin where fewer than half of the sequences, or one alone, are so long"
      ]
  }
}
