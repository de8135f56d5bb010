import Experiments
import Foundation
import GradientFlow

/// A quantity over seeds: median and quartiles.
struct SeedSummary: Sendable, Equatable {
  let median, lower, upper: Double
  /// How many seeds.
  let count: Int

  /// - Parameter values: NaN is left out.
  /// - Returns: nil for no values.
  init?(_ values: [Double]) {
    let values = values.filter { !$0.isNaN }
    guard let median = quantile(values, 0.5), let lower = quantile(values, 0.25),
      let upper = quantile(values, 0.75)
    else { return nil }
    (self.median, self.lower, self.upper, count) = (median, lower, upper, values.count)
  }

  /// The fields `median,q25,q75,seeds`.
  var fields: [String] {
    [median, lower, upper].map { CSVField.number($0) } + ["\(count)"]
  }
}

/// A quantity against lag, over seeds.
struct LagCurve: Sendable, Equatable {
  struct Point: Sendable, Equatable {
    let lag: Int
    let summary: SeedSummary
  }

  /// By lag; without the lags that have no value.
  let points: [Point]

  /// - Parameters:
  ///   - seeds: for each seed, the values by lag 0, 1…
  ///   - lags: those to keep.
  init(seeds: [[Double]], lags: [Int]) {
    points = lags.compactMap { lag in
      SeedSummary(seeds.compactMap { lag < $0.count ? $0[lag] : nil }).map {
        Point(lag: lag, summary: $0)
      }
    }
  }

  /// The lags 0..<count, thinned where there are more than `limit`, always with the first and the
  /// last.
  static func lags(_ count: Int, limit: Int = 2000) -> [Int] { Array(0..<count).spread(limit) }

  /// The same, evenly spaced on a logarithmic axis of lag + 1.
  static func logarithmicLags(_ count: Int, limit: Int = 2000) -> [Int] {
    guard count > limit else { return Array(0..<count) }
    let ratio = log(Double(count)) / Double(limit - 1)
    return (0..<limit).lazy.map { k in min(count, Int(exp(ratio * Double(k)).rounded())) - 1 }
      .distinct
  }

  /// Every value that is drawn.
  var values: [Double] {
    points.flatMap { [$0.summary.median, $0.summary.lower, $0.summary.upper] }
  }
}

extension StepTable {
  /// A column by lag: steps T…1. Empty if the table does not have it.
  func byLag(_ column: StepColumn) -> [Double] {
    columns[column].map { $0.dropFirst().reversed() } ?? []
  }
}
