import Experiments
import GradientFlow

/// What one theory predicts of trials, and what was measured.
struct TheoryPoints: Sendable {
  struct Point: Sendable {
    let layer: TrialLayer
    /// The ends of what is predicted; the same where it is a number.
    let low, high: Double
    let measured, residual: Double

    var middle: Double { (low + high) / 2 }
  }

  let prediction: SlopePrediction
  let points: [Point]

  /// Of measured − predicted.
  var rootMeanSquare: Double {
    (points.reduce(0) { $0 + $1.residual * $1.residual } / Double(points.count)).squareRoot()
  }

  /// Of networks of one layer, read forward, with a decay rate, for each prediction that speaks of some.
  static func all(_ layers: [TrialLayer], _ records: RunRecords) throws -> [TheoryPoints] {
    var points: [SlopePrediction: [Point]] = [:]
    for layer in layers {
      guard let record = try records.record(layer), let measured = record.decayRate, measured.isFinite else {
        continue
      }
      let predictions = records.run.theory.predictions(layer.trial, record)
      for prediction in SlopePrediction.drawn {
        guard let low = predictions[prediction], low.isFinite,
          let residual = predictions.residual(prediction, of: measured)
        else { continue }
        points[prediction, default: []].append(
          Point(
            layer: layer, low: low, high: predictions.ends(prediction)?.high ?? low, measured: measured,
            residual: residual))
      }
    }
    return SlopePrediction.drawn.compactMap { prediction in
      points[prediction].map { TheoryPoints(prediction: prediction, points: $0) }
    }
  }

  /// The same for both directions: all that is measured, and predictions as far as three quarters of its range away.
  static func axis(_ all: [TheoryPoints]) -> PanelAxis {
    let points = all.flatMap(\.points)
    let measured = points.map(\.measured)
    let (low, high) = (measured.min() ?? 0, measured.max() ?? 0)
    let reach = 0.75 * max(high - low, 0.02)
    let near = points.flatMap { [$0.low, $0.high] }.filter { (low - reach...high + reach).contains($0) }
    let (least, greatest) = (min(low, near.min() ?? low), max(high, near.max() ?? high))
    let margin = 0.05 * max(greatest - least, 0.02)
    return .numbers("", from: least - margin, to: greatest + margin, tics: 5)
  }
}
