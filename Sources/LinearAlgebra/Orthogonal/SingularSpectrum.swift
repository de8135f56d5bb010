import Foundation

/// What a set of singular values says of a map, however far they reach beyond the range of a `Double`.
public struct SingularSpectrum: Sendable, Equatable {
  /// The values, descending; NaN, for one that is not known, before the exact zeros.
  public let values: [ScaledNumber]

  /// - Parameter values: in any order.
  public init(_ values: [ScaledNumber]) {
    let known = values.filter { !$0.mantissa.isNaN }
    let unknown = Array(repeating: ScaledNumber(.nan), count: values.count - known.count)
    self.values =
      known.filter { !$0.isZero }.sorted(by: >) + unknown + known.filter(\.isZero)
  }

  /// log10 of σ_max/σ_min; +∞ where a value is exactly zero, NaN where there is none or either is not known.
  public var log10ConditionNumber: Double {
    guard let largest = values.first, let smallest = values.last else { return .nan }
    if smallest.isZero { return .infinity }
    return (largest / smallest).log10
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

  /// σ_i/σ_max, which fits into a `Double` or is negligible: as those are that are not known, where the least that is known
  /// is below a rounding error.
  private var relativeValues: [Double] {
    guard let largest = values.first, !largest.isZero else { return [] }
    let known = values.prefix { !$0.mantissa.isNaN && !$0.isZero }
    let shares = known.map { ($0 / largest).double }
    guard values.dropFirst(known.count).contains(where: \.mantissa.isNaN) else { return shares }
    if let least = shares.last, least < 1e-14 { return shares }
    return [.nan]
  }
}
