import Foundation

/// The autocorrelation of units at a few lags, and how long each remembers by it.
public struct AutocorrelationTable: Sendable, Equatable {
  /// The lags, ascending; shorter than the series.
  public let lags: [Int]
  /// U.
  public let units: Int
  /// r of each unit and lag [U, lags]; 0 for a unit that does not vary.
  public let values: [Double]
  /// Whether each unit varies at all.
  let varies: [Bool]

  init(lags: [Int], units: Int, values: [Double], varies: [Bool]) {
    (self.lags, self.units, self.values, self.varies) = (lags, units, values, varies)
  }

  /// r(k) of a unit at the lags.
  public func correlations(ofUnit unit: Int) -> [Double] {
    Array(values[unit * lags.count..<(unit + 1) * lags.count])
  }

  /// The first lag at which a unit's autocorrelation falls below 1/e.
  ///
  /// Between two lags r is taken for exp(−(k/τ)^β), which is exact for an exponential; where it is not
  /// positive any more at the second, for linear in log k. r(0) = 1.
  public func time(ofUnit unit: Int) -> CorrelationTime {
    guard varies[unit], let last = lags.last else { return .undefined }
    let values = correlations(ofUnit: unit)
    guard let k = values.firstIndex(where: { $0 < exp(-1) }) else { return .beyond(last) }
    guard k > 0 else { return .steps(values[0] > 0 ? -1 / log(values[0]) : 0) }
    let (before, after) = (values[k - 1], values[k])
    let share: Double
    if before < 1, after > 0 {
      // log(−log r) is linear in log k, and 0 at τ.
      let (first, second) = (log(-log(before)), log(-log(after)))
      share = first / (first - second)
    } else {
      share = (before - exp(-1)) / (before - after)
    }
    return .steps(exp(log(Double(lags[k - 1])) + share * log(Double(lags[k]) / Double(lags[k - 1]))))
  }
}

/// How long a unit remembers, by its autocorrelation.
public enum CorrelationTime: Sendable, Equatable {
  /// The lag at which it falls below 1/e, ≥ 0.
  case steps(Double)
  /// It is at least 1/e up to the largest lag.
  case beyond(Int)
  /// The unit does not vary, or the series has fewer than two values.
  case undefined

  /// The lag; the largest one where it is beyond that, nil where there is none.
  public var capped: Double? {
    switch self {
    case .steps(let steps): return steps
    case .beyond(let lag): return Double(lag)
    case .undefined: return nil
    }
  }
}
