/// A norm beside how many times larger rounding errors stand in it than in a single factor, because terms cancelled.
public struct LogarithmicNorm: Sendable {
  public let log10, growth: Double
}

/// Why norms differ from those of an oracle, as of two arrays; `rounding`, that of a factor, is allowed as often as it has
/// grown, where that is more than `absolute`.
public func difference(
  _ a: [Double], _ b: [LogarithmicNorm], relative: Double = 0, absolute: Double = 0, rounding: Double
) -> String? {
  difference(a, b.map(\.log10), relative: relative) { max(absolute, rounding * b[$0].growth) }
}
