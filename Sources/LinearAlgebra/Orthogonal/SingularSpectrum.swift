import Foundation

/// What a set of singular values says of a map, however far they reach beyond the range of a `Double`.
public struct SingularSpectrum: Sendable, Equatable {
  /// The values, descending.
  public let values: [ScaledNumber]

  /// - Parameter values: in any order.
  public init(_ values: [ScaledNumber]) { self.values = values.sorted(by: >) }

  /// log10 of σ_max/σ_min; +∞ where a value is exactly zero, NaN where there is none or one is NaN.
  public var log10ConditionNumber: Double {
    guard let largest = values.first, let smallest = values.last, !hasNaN else { return .nan }
    return smallest.isZero ? .infinity : (largest / smallest).log10
  }

  /// How many directions share the map: 1 for one dominant value, k for k equal ones; 0 for a zero map.
  ///
  ///     exp(−Σ p_i ln p_i),   p_i = σ_i / Σ σ
  ///
  /// - Note: Source: Roy & Vetterli, "The effective rank: a measure of effective dimensionality", EUSIPCO (2007).
  public var effectiveRank: Double {
    let shares = relativeValues
    let sum = shares.reduce(0, +)
    if sum == 0 { return 0 }
    return exp(-shares.reduce(0) { $1 == 0 ? $0 : $0 + $1 / sum * log($1 / sum) })
  }

  /// How many directions share the energy of the map: between 1 and k; 0 for a zero map.
  ///
  ///     ‖·‖_F² / σ_max²
  public var stableRank: Double { relativeValues.reduce(0) { $0 + $1 * $1 } }

  private var hasNaN: Bool { values.contains(where: \.mantissa.isNaN) }

  /// σ_i/σ_max, which fits into a `Double` or is negligible.
  private var relativeValues: [Double] {
    if hasNaN { return [.nan] }
    guard let largest = values.first, !largest.isZero else { return [] }
    return values.map { ($0 / largest).double }
  }
}
