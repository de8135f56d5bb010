import GradientFlow
import TextFiles

/// A prediction of the slope, as a line from the value at lag 0; the mean field is the area between two.
struct PredictionLine {
  /// The order of the legend.
  static let order: [SlopePrediction] = [
    .meanFieldLower, .linear, .pascanuBound, .lyapunov, .forgetPath, .tiedMeanField,
  ]

  let prediction: SlopePrediction
  private let start: Double
  /// Of a line the same twice; of a band the lower and the upper.
  private let slopes: (low: Double, high: Double)
  private let lastLag: Int

  /// Those there are; none without a norm at lag 0, or one step.
  static func all(_ predictions: SlopePredictions, from start: Double, lastLag: Int) -> [PredictionLine] {
    guard start.isFinite, lastLag > 0 else { return [] }
    return order.compactMap { prediction in
      predictions.ends(prediction).map {
        PredictionLine(prediction: prediction, start: start, slopes: $0, lastLag: lastLag)
      }
    }
  }

  static func sample(_ prediction: SlopePrediction) -> LegendEntry.Sample {
    prediction == .meanFieldLower ? .area : .line
  }

  private var isBand: Bool { prediction == .meanFieldLower }

  /// Where it ends.
  var ends: [Double] {
    [slopes.low, slopes.high].filter(\.isFinite).map { start + $0 * Double(lastLag) }
  }

  /// Its slope, of a band the slopes of its ends.
  var slope: String {
    let numbers =
      isBand && Brief.signed(slopes.low) != Brief.signed(slopes.high)
      ? "\(Brief.signed(slopes.low)) … \(Brief.signed(slopes.high))"
      : slopes.low == -.infinity ? "−∞" : Brief.signed(slopes.low)
    return Markup.numbers(numbers)
  }

  /// Draws it within the panel: a prediction is never zero, so it ends where a band of zeros begins.
  func draw(_ fields: [Field], _ panel: inout Panel, _ plot: inout Plot) {
    guard slopes.low.isFinite, slopes.high.isFinite else { return }
    func values(_ slope: Double, _ lags: [Int]) -> [Double] { lags.map { start + slope * Double($0) } }
    let style = prediction.names.style
    if isBand {
      // More points than a line's two, since what leaves the panel is drawn at its edge.
      let lags = Lags.even(lastLag + 1, limit: 101)
      let block = plot.block(
        fields + ["mean_field"], lags, [[], values(slopes.low, lags), values(slopes.high, lags)])
      panel.area(block, low: "log10_low", high: "log10_high", style)
    } else {
      _ = plot.block(
        fields + [Field(prediction.rawValue)], [0, lastLag], [values(slopes.low, [0, lastLag]), [], []])
    }
    // A band may be too narrow to be seen without its edges.
    for slope in isBand ? [slopes.low, slopes.high] : [slopes.low] {
      panel.guide(within(panel.y, slope), isBand ? style.wide(1) : style)
    }
  }

  /// The ends of a line as far as it is on an axis.
  private func within(_ axis: PanelAxis, _ slope: Double) -> [(x: Double, y: Double)] {
    let end = start + slope * Double(lastLag)
    let edge = min(max(end, axis.bottom), axis.top)
    let lag = edge == end ? Double(lastLag) : (edge - start) / slope
    return [(0, start), (lag, edge)]
  }
}
