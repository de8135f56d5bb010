import Experiments
import GradientFlow

/// What trained networks of a curve make of sequences of other lengths.
struct LengthTests {
  /// What is measured of each length.
  struct Quantity: Sendable {
    let name, label: String
    let column: Column<LengthTest, Double?>
    /// Of what is not the network's doing.
    let chance: @Sendable (ChanceLevel) -> Double?

    /// Share of wrong sequences; where outputs are read as inputs, of those that are said alone.
    static let error = Quantity(
      name: "error", label: "share of wrong sequences", column: .error, chance: \.errorRate)
    static let loss = Quantity(name: "loss", label: "test loss", column: .loss, chance: \.loss)
  }

  /// At one length, over the seeds.
  struct Point {
    let length: Int
    let summary: SeedSummary
  }

  let seeds: TrainingSeeds
  private let tables: [ColumnTable<LengthTest>]

  /// - Returns: nil where no network was tested at another length.
  init?(_ seeds: TrainingSeeds) {
    tables = seeds.trainings.map(\.record.lengthTests).filter { $0.rows > 0 }
    if tables.isEmpty { return nil }
    self.seeds = seeds
  }

  /// Every length there is, ascending.
  var lengths: [Int] { tables.flatMap { $0.values(.length).map { Int($0) } }.distinct.sorted() }
  /// The lengths it was trained at: the shortest, if there are several, and the longest.
  var trained: [Int] {
    let trial = seeds.trainings[0].trial
    return [trial.shortestLength, trial.sequenceLength].compactMap(\.self).distinct
  }

  /// By length; a test that left the range is infinite.
  func points(_ quantity: Quantity) -> [Point] {
    lengths.compactMap { length in
      let values = tables.compactMap { table -> Double? in
        guard let row = (0..<table.rows).first(where: { table[.length, $0] == Double(length) }) else {
          return nil
        }
        return table[quantity.column, row] ?? (table[.loss, row] == nil ? .infinity : nil)
      }
      return SeedSummary(values).map { Point(length: length, summary: $0) }
    }
  }

  /// What is reached without memory, by length; none where a task has no such number.
  func chance(_ quantity: Quantity) -> [(x: Double, y: Double)] {
    guard let task = seeds.trainings[0].trial.task.drawn else { return [] }
    return lengths.compactMap { length in
      quantity.chance(task.chance(steps: length)).map { (Double(length), $0) }
    }
  }

  /// The rows of a table.
  func rows(_ quantity: Quantity, _ points: [Point]) -> [[Field]] {
    points.map { seeds.fields + [Field(quantity.name), Field($0.length)] + $0.summary.fields }
  }
}
