import Foundation
import GradientFlow

/// What a few independent measurements say: their mean, and its standard error.
package struct Sample: Sendable {
  package let values: [Double]

  package init(_ values: [Double]) { self.values = values }

  /// Of one measurement for each seed from 0 up, on all cores.
  init(seeds: Int, _ measure: @escaping @Sendable (_ seed: Int) throws -> Double) async throws {
    values = try await concurrently(0..<seeds, measure)
  }

  package var mean: Double { values.reduce(0, +) / Double(values.count) }

  /// Sample standard deviation; NaN for a single value.
  package var deviation: Double {
    let center = mean
    return (values.reduce(0) { $0 + ($1 - center) * ($1 - center) } / Double(values.count - 1)).squareRoot()
  }

  package var standardError: Double { deviation / Double(values.count).squareRoot() }

  package var median: Double { quantile(values, 0.5) ?? .nan }

  /// Standard error of the median of n normal deviates, for n other values with the same scatter.
  func medianError(of n: Int) -> Double { (Double.pi / 2 / Double(n)).squareRoot() * deviation }

  /// ½ log10 of the mean of 10^(2x): the logarithm of a root mean square, with its standard error.
  package var rootMeanSquare: (mean: Double, standardError: Double) {
    let squares = Sample(values.map { powerOfTen(2 * $0) })
    return (log10(squares.mean) / 2, squares.standardError / squares.mean / 2 / M_LN10)
  }
}
