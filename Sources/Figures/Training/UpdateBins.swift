import Experiments
import Foundation
import GradientFlow

/// Runs of updates, of which each is drawn as one point: at the last of its updates, as the rows of `training.csv` are.
struct UpdateBins: Sendable, Equatable {
  /// Updates of a bin.
  let size: Int

  /// - Parameters:
  ///   - end: the last update.
  ///   - rows: updates between two rows; 0 where they stand at tests alone.
  init(end: Int, rows: Int, limit: Int = 120) {
    let wanted = max(1, (end + limit - 1) / limit)
    size = rows > 0 ? (wanted + rows - 1) / rows * rows : wanted
  }

  /// How many there are up to an update.
  func count(end: Int) -> Int { (end + size - 1) / size }

  /// The update that bin k ends with, in a training of so many.
  func position(_ k: Int, end: Int) -> Int { min((k + 1) * size, end) }

  /// Means of a column over the updates of each bin; NaN for a bin without rows.
  func means(_ column: TrainingColumn, _ rows: ColumnTable<TrainingColumn>, end: Int) -> [Double] {
    var sums = [Double](repeating: 0, count: count(end: end)), weights = sums
    visit(column, rows, end: end) { k, value, updates in
      sums[k] += value * updates
      weights[k] += updates
    }
    return zip(sums, weights).map { $1 > 0 ? $0 / $1 : .nan }
  }

  /// The largest of a column in each bin; NaN for a bin without rows.
  func maxima(_ column: TrainingColumn, _ rows: ColumnTable<TrainingColumn>, end: Int) -> [Double] {
    var found = [Double](repeating: .nan, count: count(end: end))
    visit(column, rows, end: end) { k, value, _ in found[k] = found[k].isNaN ? value : max(found[k], value) }
    return found
  }

  private func visit(
    _ column: TrainingColumn, _ rows: ColumnTable<TrainingColumn>, end: Int,
    _ take: (Int, Double, Double) -> Void
  ) {
    for row in 0..<rows.rows {
      guard let iteration = rows[.iteration, row], let updates = rows[.updates, row], updates > 0,
        iteration <= Double(end), let value = rows[column, row]
      else { continue }
      take((Int(iteration) - 1) / size, value, updates)
    }
  }

  /// Losses by bin up to an update that may lie beyond the training's end: a solved one keeps its last loss, a diverged
  /// one has an infinite loss.
  func losses(_ training: SeedTraining, end: Int) -> [Double] {
    var values = means(.loss, training.rows, end: training.end)
    // A bin without rows is summed up by the next one.
    for k in values.indices.dropLast().reversed() where values[k].isNaN { values[k] = values[k + 1] }
    let rest = training.divergedAt == nil ? values.last { !$0.isNaN } ?? .nan : .infinity
    if let last = values.indices.last, values[last].isNaN { values[last] = rest }
    return values + Array(repeating: rest, count: max(0, count(end: end) - values.count))
  }
}

/// An axis of positive numbers: linear, or logarithmic where they span more than two decades.
struct PositiveAxis: Sendable {
  let isLogarithmic: Bool
  let axis: DecadeAxis

  /// - Parameters:
  ///   - values: what is not finite is left out.
  ///   - ratio: of the largest to the smallest, from which on the axis is logarithmic.
  init(_ values: [Double], headroom: Double = 0, logarithmicFrom ratio: Double = 100) {
    let finite = values.filter(\.isFinite)
    let positive = finite.filter { $0 > 0 }
    let (least, greatest) = (positive.min() ?? 1, positive.max() ?? 1)
    isLogarithmic = greatest > ratio * least
    if isLogarithmic {
      let decades = log10(greatest) - log10(least)
      axis = DecadeAxis(
        positive.map { log10($0) }, tics: decades < 2 ? 4 : min(7, decades.rounded(.down)), headroom: headroom
      )
    } else {
      axis = DecadeAxis(finite + [0], kind: .numbers, span: 0.2 * max(greatest, 1e-300), headroom: headroom)
    }
  }

  /// Where a number stands on the axis.
  func place(_ value: Double) -> Double {
    min(axis.high, isLogarithmic ? (value > 0 ? log10(value) : axis.low) : value)
  }

  /// A gnuplot function that does the same with a column.
  var function: String {
    "level(c) = strcol(c) eq 'inf' ? \(fixed(axis.high)) : "
      + (isLogarithmic ? "column(c) > 0 ? log10(column(c)) : \(fixed(axis.low))" : "column(c)")
  }
}

/// The x axis of updates.
struct UpdateAxis: Sendable {
  private let thousands: Bool

  /// - Parameter end: the last update of all panels.
  init(end: Int) { thousands = end >= 20_000 }

  var title: String { thousands ? "update (thousands)" : "update" }

  /// A number of updates as on the axis.
  func label(_ updates: Double) -> String {
    CSVField.number(thousands ? updates / 1000 : updates)
  }

  /// Commands for a panel with updates up to `end`, with tics of its own; without labels only where panels are pages.
  func commands(end: Int, labelled: Bool = true) -> [String] {
    let step = max(1, DecadeAxis.niceStep(Double(max(1, end)) / 4.5))
    let tics = stride(from: 0, through: Double(end), by: step).map { value in
      labelled ? "'\(label(value))' \(fixed(value))" : "(paged ? '\(label(value))' : '') \(fixed(value))"
    }
    return [
      "set xrange [0:\(fixed(1.03 * Double(max(1, end))))]", "set xtics (\(tics.joined(separator: ", ")))",
    ]
  }
}
