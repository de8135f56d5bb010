import Experiments
import Foundation
import GradientFlow

/// The losses of the trainings of a curve, as they are drawn: few seeds each on its own, of many the median and the
/// quartiles.
struct LossCurves {
  /// A loss, after so many updates.
  struct Point {
    let updates: Double
    let summary: SeedSummary

    init?(_ updates: Double, _ summary: SeedSummary?) {
      guard let summary, !updates.isNaN else { return nil }
      (self.updates, self.summary) = (updates, summary)
    }
  }

  /// Of a seed, or of all of them.
  struct Course {
    /// nil: all of them.
    let seed: UInt64?
    /// Of a point of the line.
    let updates: Int
    let training, test: [Point]
    /// Tests of what the network says alone; of tasks that read what was said.
    let own: [Point]
  }

  /// From how many seeds on median and quartiles are drawn.
  static let manySeeds = 5

  let seeds: TrainingSeeds
  let courses: [Course]
  /// Where each seed was solved, or diverged.
  let solved, diverged: [Point]

  /// - Parameters:
  ///   - points: about how many of a line are drawn.
  ///   - tests: how many tests of a line are marked.
  init(_ seeds: TrainingSeeds, points: Int, tests: Int, isLogarithmic: Bool) {
    self.seeds = seeds
    if seeds.trainings.count < Self.manySeeds {
      courses = seeds.trainings.map { training in
        let bins = UpdateBins(end: training.end, rows: training.recordEvery, limit: points)
        return Course(
          seed: training.trial.seed, updates: bins.size,
          training: zip(
            bins.beginnings(training.rows, end: training.end),
            bins.means(.loss, training.rows, end: training.end)
          ).compactMap { $1.isNaN ? nil : Point($0, SeedSummary($1)) },
          test: Self.points(training.tests(.testLoss), tests, isLogarithmic),
          own: Self.points(training.tests(.testOwnLoss), tests, isLogarithmic))
      }
    } else {
      courses = [Self.median(seeds, points: points, tests: tests, isLogarithmic)]
    }
    func ends(_ update: (SeedTraining) -> Int?) -> [Point] {
      seeds.trainings.compactMap { training in
        update(training).flatMap { Point(Double($0), training.loss(at: $0).map { SeedSummary($0) }) }
      }
    }
    (solved, diverged) = (ends(\.solvedAt), ends(\.divergedAt))
  }

  private static func median(
    _ seeds: TrainingSeeds, points: Int, tests limit: Int, _ isLogarithmic: Bool
  ) -> Course {
    let end = seeds.end
    let bins = UpdateBins(end: end, rows: seeds.trainings[0].recordEvery, limit: points)
    let losses = seeds.trainings.map { bins.losses($0, end: end) }
    func tests(_ column: TrainingColumn) -> [Point] {
      let all = seeds.trainings.map { ($0, $0.tests(column)) }
      let updates = all.flatMap { $0.1.map(\.update) }.distinct.sorted()
      return chosen(updates.map { ($0, 0) }, limit, isLogarithmic).compactMap { update, _ in
        Point(
          Double(update),
          SeedSummary(
            all.map { training, tests in
              if let end = training.divergedAt, update >= end { return .infinity }
              return tests.last { $0.update <= update }?.loss ?? .nan
            }))
      }.filter(\.summary.median.isFinite)
    }
    return Course(
      seed: nil, updates: bins.size,
      // A line ends where the median is infinite.
      training: (0..<bins.count(end: end)).compactMap { k in
        Point(bins.beginning(k, end: end), SeedSummary(losses.map { $0[k] }))
      }.filter(\.summary.median.isFinite),
      test: tests(.testLoss), own: tests(.testOwnLoss))
  }

  private static func points(
    _ tests: [(update: Int, loss: Double)], _ limit: Int, _ isLogarithmic: Bool
  ) -> [Point] {
    chosen(tests, limit, isLogarithmic).compactMap { Point(Double($0.update), SeedSummary($0.loss)) }
  }

  /// Some of the tests, evenly on the axis.
  private static func chosen(
    _ tests: [(update: Int, loss: Double)], _ limit: Int, _ isLogarithmic: Bool
  ) -> [(update: Int, loss: Double)] {
    guard isLogarithmic, tests.count > limit, let last = tests.last?.update, last > 1 else {
      return tests.spread(limit)
    }
    let first = max(1, tests.dropFirst().first?.update ?? 1)
    let wanted = (0..<limit - 1).map { k in
      Double(first) * pow(Double(last) / Double(first), Double(k) / Double(max(1, limit - 2)))
    }
    let places =
      [0]
      + wanted.compactMap { place in
        tests.indices.dropFirst().min { a, b in
          (Double(tests[a].update) - place).magnitude < (Double(tests[b].update) - place).magnitude
        }
      }
    return places.distinct.map { tests[$0] }
  }

  /// Every value that is drawn.
  var values: [Double] {
    (courses.flatMap { $0.training + $0.test + $0.own } + solved + diverged).flatMap {
      [$0.summary.median, $0.summary.lower, $0.summary.upper]
    }
  }

  /// The fields `seed,quantity,updates,loss,q25,q75,seeds` of points.
  static func rows(_ points: [Point], _ fields: [Field], seed: UInt64?, _ quantity: String) -> [[Field]] {
    points.map { point in
      fields + [seed.map(Field.init(seed:)) ?? .none, Field(quantity), .drawn(point.updates)]
        + point.summary.fields
    }
  }
}

extension SeedTraining {
  /// Updates between two rows; 0 if there are rows only at tests.
  var recordEvery: Int { trial.training?.recordEvery ?? 0 }

  /// The losses of the tests, by the updates made before them.
  func tests(_ column: TrainingColumn) -> [(update: Int, loss: Double)] {
    guard hasTestSet else { return [] }
    return (0..<rows.rows).compactMap { row in
      guard let update = rows[.iteration, row], let loss = rows[column, row] else { return nil }
      return (Int(update), loss)
    }
  }

  /// The loss known last at an update: of the test where it was solved, of the batch where it diverged.
  fileprivate func loss(at update: Int) -> Double? {
    let before = (0..<rows.rows).filter { rows[.iteration, $0].map { $0 <= Double(update) } ?? false }
    let column = divergedAt == nil ? TrainingColumn.testLoss : .loss
    return before.compactMap { rows[column, $0] }.last ?? before.compactMap { rows[.testLoss, $0] }.last
  }

  /// The loss of its last test; infinite where it diverged, NaN where there was none.
  var lastTest: Double { divergedAt == nil ? record.testLoss ?? .nan : .infinity }
}
