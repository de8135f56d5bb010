import Foundation

/// How far back the gradient reaches, read off the norms themselves, without a fitted line.
public struct GradientHorizon: Sendable, Equatable {
  /// The first lag at which the norm is at most half of that at lag 0; nil where it never is.
  public let half: Int?
  /// Whether it is at most half from that lag on to the last; false where it never is.
  public let staysBelowHalf: Bool
  /// The first lag at which it is at most 1/e.
  public let inverseE: Int?
  /// The first lag at which it is at most 1e-6.
  public let millionth: Int?
  /// The share of steps t = 1…T whose norm is above 1e-20 of that at lag 0.
  public let shareAbove1e20: Double

  /// - Parameter log10Norms: by lag, 0, 1, 2…; −∞ for an exact zero.
  /// - Returns: nil where the norm at lag 0 is zero or there is none.
  public init?(log10Norms: [Double]) {
    guard let start = log10Norms.first, start.isFinite else { return nil }
    // Logarithms are within 2 ulp: a norm that halves exactly is at half.
    let rounding = 4 * max(1, start.magnitude).ulp
    func first(_ fall: Double) -> Int? {
      log10Norms.firstIndex { $0 <= start - fall + rounding }
    }
    let half = first(Foundation.log10(2))
    self.half = half
    staysBelowHalf =
      half.map { log10Norms[$0...].allSatisfy { $0 <= start - Foundation.log10(2) + rounding } } ?? false
    inverseE = first(Foundation.log10(exp(1)))
    millionth = first(6)
    shareAbove1e20 = Double(log10Norms.count { $0 > start - 20 }) / Double(log10Norms.count)
  }
}
