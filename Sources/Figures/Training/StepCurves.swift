import Experiments
import GradientFlow

/// Tests of the trained networks of a curve by step: median and quartiles over seeds.
struct StepCurves {
  /// What is measured of a step.
  struct Quantity: Sendable, Equatable {
    /// In the data.
    let name: String
    let column: Column<StepTest, Double?>
    /// Whether what is drawn is 1 minus the column.
    var isComplement = false

    static let loss = Quantity(name: "loss", column: .loss)
    static let ownLoss = Quantity(name: "own-loss", column: .ownLoss)
    static let wrong = Quantity(name: "wrong", column: .accuracy, isComplement: true)
    static let ownWrong = Quantity(name: "own-wrong", column: .ownAccuracy, isComplement: true)
    static let chance = Quantity(name: "chance", column: .chanceLoss)
  }

  /// Of one step, or of several that follow each other.
  struct Point {
    let step: Double
    let summary: SeedSummary
  }

  let seeds: TrainingSeeds
  /// By how many steps a point stands for.
  let binned: Int
  private let tables: [ColumnTable<StepTest>]
  /// The steps of each point.
  private let bins: [ClosedRange<Int>]

  /// The most points of a curve.
  private static let limit = 250

  /// - Returns: nil where no network has been tested by step.
  init?(_ seeds: TrainingSeeds) {
    tables = seeds.trainings.map(\.record.stepTests).filter { $0.rows > 0 }
    let steps = tables.flatMap { $0.values(.t).map { Int($0) } }
    guard let first = steps.min(), let last = steps.max() else { return nil }
    self.seeds = seeds
    let size = (last - first) / Self.limit + 1
    binned = size
    bins = stride(from: first, through: last, by: size).map { $0...min($0 + size - 1, last) }
  }

  /// The first and the last step with a loss.
  var steps: ClosedRange<Int> { bins[0].lowerBound...bins[bins.count - 1].upperBound }

  /// By step; none of what a task does not have. A bin is the mean over its outputs.
  func points(_ quantity: Quantity) -> [Point] {
    let bySeed = tables.map { means(quantity, of: $0) }
    return bins.indices.compactMap { k in
      SeedSummary(bySeed.map { $0[k] }).map {
        Point(step: Double(bins[k].lowerBound + bins[k].upperBound) / 2, summary: $0)
      }
    }
  }

  private func means(_ quantity: Quantity, of table: ColumnTable<StepTest>) -> [Double] {
    var (sums, weights) = (
      [Double](repeating: 0, count: bins.count), [Double](repeating: 0, count: bins.count)
    )
    for row in 0..<table.rows {
      guard let t = table[.t, row], let value = table[quantity.column, row],
        let outputs = table[.outputs, row]
      else { continue }
      let k = (Int(t) - bins[0].lowerBound) / binned
      sums[k] += outputs * (quantity.isComplement ? 1 - value : value)
      weights[k] += outputs
    }
    return zip(sums, weights).map { $1 > 0 ? $0 / $1 : .nan }
  }

  /// The rows of a table.
  func rows(_ quantity: Quantity, _ points: [Point]) -> [[Field]] {
    points.map { seeds.fields + [Field(quantity.name), .drawn($0.step)] + $0.summary.fields }
  }
}
