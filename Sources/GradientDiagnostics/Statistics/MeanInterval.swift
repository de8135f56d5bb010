/// A mean with its confidence interval by Student's t.
///
///     mean ± t_{n−1} · s / √n
public struct MeanInterval: Sendable, Equatable {
  /// Sample mean.
  public let mean: Double
  /// Half of the interval's width; nil for a single value.
  public let halfWidth: Double?
  /// n.
  public let count: Int

  /// - Parameters:
  ///   - values: finite numbers.
  ///   - confidence: in (0, 1).
  /// - Returns: nil for no values.
  public init?(_ values: [Double], confidence: Double = 0.95) {
    guard !values.isEmpty else { return nil }
    count = values.count
    let variance: Double
    (mean, variance) = values.moments
    guard count > 1 else {
      halfWidth = nil
      return
    }
    halfWidth =
      StudentT.twoSidedQuantile(confidence: confidence, degreesOfFreedom: count - 1)
      * (variance / Double(count)).squareRoot()
  }
}
