import Foundation

/// How fast gradient norms fall or grow with lag: the least-squares line through log10 ‖∂L/∂h_t‖.
///
///     log10 norm ≈ intercept + rate · lag,   lag = T − t
public struct DecayRate: Sendable, Equatable {
  /// Slope in decades per step; negative: vanishing.
  public let rate: Double
  /// Coefficient of determination; 1 for an exact line. nil when the norms do not vary at all.
  public let r2: Double?
  /// Number of lags the line is fitted to; fewer than T where the gradient becomes exactly zero.
  public let count: Int

  /// Steps in which the norm halves, log10 2 / −rate; nil when it does not decay.
  public var halfLife: Double? { rate < 0 ? -Foundation.log10(2) / rate : nil }

  /// Fits a line over the finite points; nil with fewer than two.
  ///
  /// - Parameter log10Norms: by lag, 0, 1, 2…; −∞ and NaN are left out.
  /// - Complexity: O(T), without memory of its own.
  public init?(log10Norms: some Collection<Double>) {
    func forEachPoint(_ body: (_ lag: Double, _ y: Double) -> Void) {
      var lag = 0.0
      for y in log10Norms {
        if y.isFinite { body(lag, y) }
        lag += 1
      }
    }
    var (count, sumX, sumY) = (0, 0.0, 0.0)
    forEachPoint { lag, y in
      count += 1
      sumX += lag
      sumY += y
    }
    guard count >= 2 else { return nil }
    let (meanX, meanY) = (sumX / Double(count), sumY / Double(count))
    var (xx, xy, yy) = (0.0, 0.0, 0.0)
    forEachPoint { lag, y in
      let (dx, dy) = (lag - meanX, y - meanY)
      xx += dx * dx
      xy += dx * dy
      yy += dy * dy
    }
    self.count = count
    rate = xy / xx
    r2 = yy > 0 ? xy * xy / (xx * yy) : nil
  }
}
