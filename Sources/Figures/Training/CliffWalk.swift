import Experiments
import Foundation
import GradientFlow

/// The steps of one rule.
struct CliffWalk: Sendable {
  /// The most steps that are drawn.
  private static let pointLimit = 1500

  struct Point: Sendable, Equatable {
    let update: Int
    let w, b, error: Double
  }

  let training: SeedTraining
  /// Place of the rule.
  let style: Int
  /// As recorded, from the start.
  let points: [Point]
  /// The longest way between two of them, and the update that ends it.
  let largestStep: Double
  let largestAt: Int
  let leap: (from: Point, to: Point)?

  init(_ training: SeedTraining, style: Int) {
    (self.training, self.style) = (training, style)
    let rows = training.rows
    let points = (0..<rows.rows).compactMap { row -> Point? in
      guard let update = rows[.iteration, row], let w = rows[.w, row], let b = rows[.b, row],
        let error = rows[.testLoss, row], w.isFinite, b.isFinite
      else { return nil }
      return Point(update: Int(update), w: w, b: b, error: error)
    }
    self.points = points.spread(Self.pointLimit)
    let steps = zip(points, points.dropFirst()).map { (from: $0, to: $1) }
    func length(_ step: (from: Point, to: Point)) -> Double {
      hypot(step.to.w - step.from.w, step.to.b - step.from.b)
    }
    leap = steps.max { length($0) < length($1) }
    (largestStep, largestAt) = (leap.map(length) ?? 0, leap?.to.update ?? 0)
  }

  var name: String {
    let rule = training.trial.rule
    return rule.isNone ? "without clipping" : rule.label
  }

  /// Points drawn: all of a few, some of many.
  var stride: Int { max(1, points.count / 60) }

  var rows: [[String]] {
    points.map { point in
      ["walk", CSVField.text(training.trial.rule.label), "\(point.update)"]
        + [point.w, point.b, point.error].map { CSVField.number($0) }
    }
  }
}
