import GradientFlow

/// How many sequences have each lag, where their lengths differ: fewer and fewer.
struct SequenceCounts {
  /// By lag, of all seeds together.
  private let counts: [Int]

  /// - Parameter steps: one a seed.
  /// - Returns: nil where all sequences have every lag.
  init?(_ steps: [LayerSteps]) {
    let longest = steps.map(\.steps).max() ?? 0
    guard steps.contains(where: { $0.sequences(lag: 0) != $0.sequences(lag: $0.steps - 1) }) else {
      return nil
    }
    counts = (0..<longest).map { lag in
      steps.reduce(0) { $0 + (lag < $1.steps ? $1.sequences(lag: lag) : 0) }
    }
  }

  func count(lag: Int) -> Int? { counts.indices.contains(lag) ? counts[lag] : nil }

  /// Of ascending lags, the place of the first one that fewer than half of the sequences have, or fewer than two: what is
  /// seen there may be of some odd sequences.
  func firstFew(of lags: [Int]) -> Int? {
    lags.firstIndex { isFew(lag: $0) }
  }

  func isFew(lag: Int) -> Bool {
    let count = count(lag: lag) ?? 0
    return count < 2 || 2 * count < counts[0]
  }

  /// Of a curve what is said of it: its last point, or the last one that is not of few.
  static func told(_ curve: SeedCurve, _ counts: SequenceCounts?) -> SeedPoint? {
    curve.last { point in !(counts?.isFew(lag: point.x) ?? false) }
  }

  /// What a caption says.
  static func note(_ counts: [SequenceCounts]) -> [String] {
    counts.isEmpty
      ? []
      : [
        "lag: from each sequence's own end; thin where fewer than half of all sequences, or one alone, are so "
          + "long; rates are of changes within sequences"
      ]
  }
}
