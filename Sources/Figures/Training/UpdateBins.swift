import Experiments

/// Runs of updates, of which each is drawn as one point.
struct UpdateBins: Sendable, Equatable {
  /// Updates of a bin.
  let size: Int

  /// - Parameters:
  ///   - end: the last update.
  ///   - rows: updates between two rows; 0 if there are rows only at tests.
  init(end: Int, rows: Int, limit: Int = 120) {
    let wanted = max(1, (end + limit - 1) / limit)
    size = rows > 0 ? (wanted + rows - 1) / rows * rows : wanted
  }

  /// How many there are up to an update.
  func count(end: Int) -> Int { (end + size - 1) / size }

  /// The last update of bin k, for a given number of updates.
  func position(_ k: Int, end: Int) -> Int { min((k + 1) * size, end) }

  /// Means of a column over the updates of each bin; NaN for a bin without rows.
  func means(_ column: TrainingColumn, _ rows: ColumnTable<TrainingRow>, end: Int) -> [Double] {
    var sums = [Double](repeating: 0, count: count(end: end)), weights = sums
    visit(column, rows, end: end) { k, value, updates in
      sums[k] += value * updates
      weights[k] += updates
    }
    return zip(sums, weights).map { $1 > 0 ? $0 / $1 : .nan }
  }

  /// The largest of a column in each bin; NaN for a bin without rows.
  func maxima(_ column: TrainingColumn, _ rows: ColumnTable<TrainingRow>, end: Int) -> [Double] {
    var found = [Double](repeating: .nan, count: count(end: end))
    visit(column, rows, end: end) { k, value, _ in found[k] = found[k].isNaN ? value : max(found[k], value) }
    return found
  }

  private func visit(
    _ column: TrainingColumn, _ rows: ColumnTable<TrainingRow>, end: Int,
    _ take: (Int, Double, Double) -> Void
  ) {
    for row in 0..<rows.rows {
      guard let iteration = rows[.iteration, row], let updates = rows[.updates, row], updates > 0,
        iteration <= Double(end), let value = rows[column, row]
      else { continue }
      take((Int(iteration) - 1) / size, value, updates)
    }
  }

  /// Losses by bin up to an update that may lie beyond the training's end: a solved one keeps the loss of its last test, a
  /// diverged one has an infinite loss.
  func losses(_ training: SeedTraining, end: Int) -> [Double] {
    var values = means(.loss, training.rows, end: training.end)
    // A bin without rows is summed up by the next one.
    for k in values.indices.dropLast().reversed() where values[k].isNaN { values[k] = values[k + 1] }
    let last = training.rows.values(.loss).last ?? .nan
    let rest =
      training.divergedAt != nil
      ? .infinity : training.solvedAt == training.end ? training.record.testLoss ?? last : last
    if let last = values.indices.last, values[last].isNaN { values[last] = rest }
    return values + Array(repeating: rest, count: max(0, count(end: end) - values.count))
  }

  /// How many updates had been made when those of each bin began, on average: there its mean loss is to be compared with
  /// tests, which follow an update. NaN for a bin without rows.
  func beginnings(_ rows: ColumnTable<TrainingRow>, end: Int) -> [Double] {
    var sums = [Double](repeating: 0, count: count(end: end)), weights = sums
    visit(.iteration, rows, end: end) { k, iteration, updates in
      sums[k] += (iteration - (updates + 1) / 2) * updates
      weights[k] += updates
    }
    return zip(sums, weights).map { $1 > 0 ? $0 / $1 : .nan }
  }

  /// The same of bin k where each update has a row.
  func beginning(_ k: Int, end: Int) -> Double { Double(k * size + position(k, end: end) - 1) / 2 }
}
