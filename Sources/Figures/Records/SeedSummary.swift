import Experiments
import Foundation
import GradientFlow
import TextFiles

/// A quantity over seeds: median and quartiles.
struct SeedSummary: Sendable {
  let median, lower, upper: Double
  /// How many seeds.
  let count: Int

  /// One seed, without quartiles.
  init(_ value: Double) { (median, lower, upper, count) = (value, .nan, .nan, 1) }

  /// - Parameters:
  ///   - values: NaN is left out.
  ///   - fewest: with fewer values, the least and the greatest take the place of the quartiles.
  /// - Returns: nil for no values.
  init?(_ values: [Double], quartilesFrom fewest: Int = 1) {
    let values = values.filter { !$0.isNaN }
    let share = values.count < fewest ? 0 : 0.25
    guard let median = quantile(values, 0.5), let lower = quantile(values, share),
      let upper = quantile(values, 1 - share)
    else { return nil }
    (self.median, self.lower, self.upper, count) = (median, lower, upper, values.count)
  }

  /// The fields `median,q25,q75,seeds`.
  var fields: [Field] { [median, lower, upper].map { Field.drawn($0) } + [Field(count)] }
}

/// A quantity over seeds at a lag or an update.
struct SeedPoint: Sendable {
  let x: Int
  let summary: SeedSummary

  /// - Returns: nil for no values.
  init?(_ x: Int, _ summary: SeedSummary?) {
    guard let summary else { return nil }
    (self.x, self.summary) = (x, summary)
  }
}

/// By lag or update; without those that have no value.
typealias SeedCurve = [SeedPoint]

extension SeedCurve {
  /// - Parameters:
  ///   - seeds: for each seed, the values by lag 0, 1…
  ///   - lags: those to keep.
  init(seeds: [[Double]], lags: [Int]) {
    self = lags.compactMap { lag in
      SeedPoint(lag, SeedSummary(seeds.compactMap { lag < $0.count ? $0[lag] : nil }))
    }
  }

  /// The rows of a table: `fields`, x, median, quartiles and number of seeds.
  func rows(_ fields: [Field]) -> [[Field]] { map { fields + [Field($0.x)] + $0.summary.fields } }

  /// Every value that is drawn.
  var values: [Double] {
    flatMap { [$0.summary.median, $0.summary.lower, $0.summary.upper] }
  }
}

/// The lags that are drawn of so many: all, or some with the first and the last.
enum Lags {
  /// The most that are drawn of a curve.
  private static let limit = 250

  /// Evenly spaced.
  static func even(_ count: Int, limit: Int = limit) -> [Int] { Array(0..<count).spread(limit) }

  /// The same of those that were recorded of every seed that has them; where some were left out, the nearest ones.
  static func recorded(_ steps: [LayerSteps]) -> [Int] {
    let count = steps.map(\.steps).max() ?? 0
    guard steps.contains(where: \.table.isThinned) else { return even(count) }
    let found = (0..<count).filter { lag in
      steps.allSatisfy { $0.records(lag: lag) || lag >= $0.steps }
    }
    var next = found.startIndex
    return even(count).compactMap { lag in
      // Both ascend.
      while next + 1 < found.endIndex,
        (found[next + 1] - lag).magnitude <= (found[next] - lag).magnitude
      { next += 1 }
      return found.indices.contains(next) ? found[next] : nil
    }.distinct
  }

  /// What a caption says where not all are drawn.
  static func note(_ count: Int, drawn: Int = limit, of recording: StepRecording = .every) -> [String] {
    guard count > drawn else { return [] }
    let kept =
      recording == .every
      ? "" : " of those recorded (record: \(recording.rawValue))"
    return ["\(drawn) of \(Brief.grouped(count)) lags drawn\(kept)"]
  }

  /// The same on a logarithmic axis of lag + 1.
  static func logarithmic(_ count: Int) -> [Int] {
    let limit = 120
    guard count > limit else { return Array(0..<count) }
    let ratio = log(Double(count)) / Double(limit - 1)
    return (0..<limit).lazy.map { k in min(count, Int(exp(ratio * Double(k)).rounded())) - 1 }
      .distinct
  }
}

extension StepTable {
  /// A column by lag: steps T…1, NaN where one was left out. Empty if the table does not have it.
  func byLag(_ column: StepColumn) -> [Double] {
    guard let values = columns[column] else { return [] }
    guard isThinned else { return values.dropFirst().reversed() }
    var found = [Double](repeating: .nan, count: steps)
    for row in 1..<rows { found[steps - time(ofRow: row)] = values[row] }
    return found
  }
}
