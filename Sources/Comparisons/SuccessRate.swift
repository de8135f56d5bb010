/// A share of seeds with its 95 % interval by Wilson's score, which is meant for few trials and for shares near 0 and 1.
///
///     (p + z²/2n ± z √(p (1 − p)/n + z²/4n²)) / (1 + z²/n),   p = k/n,   z = 1.96
///
/// - Note: Source: Wilson, J. Am. Stat. Assoc. 22 (1927) 209; Brown, Cai & DasGupta, Stat. Sci. 16 (2001) 101.
public struct SuccessRate: Sendable, Hashable {
  public let successes, count: Int
  public let low, high: Double

  /// The two-sided 95 % quantile of the normal distribution.
  private static let z = 1.959963984540054

  /// - Parameter count: at least 1.
  public init(successes: Int, count: Int) {
    precondition((0...count).contains(successes) && count > 0, "successes are some of the trials")
    (self.successes, self.count) = (successes, count)
    let n = Double(count), z = Self.z
    let p = Double(successes) / n
    let middle = p + z * z / (2 * n)
    let half = z * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
    // Rounding must not leave what is exactly 0 or 1 outside.
    low = successes == 0 ? 0 : max(0, (middle - half) / (1 + z * z / n))
    high = successes == count ? 1 : min(1, (middle + half) / (1 + z * z / n))
  }

  public var rate: Double { Double(successes) / Double(count) }
}
