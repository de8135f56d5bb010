import Experiments
import Foundation

extension RateFigure {
  /// Rates, what is drawn of theories, and 0. The linear prediction may run out of sight.
  static func axis(
    _ points: [RatePoint], _ theories: [RateTheory.Kind], _ places: [Double]
  ) -> PanelAxis {
    let ends = points.compactMap(\.estimate.ends).flatMap { [$0.low, $0.high] }
    var shown = ends + points.flatMap { point in theories.flatMap(point.theory.values) } + [0]
    let (least, greatest) = (shown.min() ?? 0, shown.max() ?? 0)
    if theories.contains(.linear) {
      for prediction in places.filter({ $0 > 0 }).map({ log10($0) }) {
        shown.append(min(max(prediction, 2 * least, least - 0.1), greatest + 0.1))
      }
    }
    return .numbers("rate (decades per step, < 0: decay)", shown, span: 1e-9)
  }

  /// Logarithmic where places span more than a decade.
  static func axis(_ x: Dimension, _ places: [Double]) -> PanelAxis {
    let (first, last) = (places.first ?? 0, places.last ?? 1)
    if first > 0, last > 10 * first { return .logarithmic(x.title, from: first / 1.2, to: last * 1.2) }
    let side = 0.04 * (last - first)
    if x == Dimension(.layers) || x == Dimension(axes: [.place(.layer)]) {
      // Whole numbers, each with its tic.
      return PanelAxis(
        label: x.title, low: first - 3 * side, high: last + 3 * side,
        tics: places.spread(12).map { PanelAxis.Tic(place: $0, name: Brief.grouped(Int($0))) })
    }
    return .numbers(x.title, from: first - side, to: last + side)
  }

  /// log10 ρ over the whole width.
  static func linearPrediction(_ panel: Panel) -> [(x: Double, y: Double)] {
    (0...60).lazy.map { panel.x.low + (panel.x.high - panel.x.low) * Double($0) / 60 }
      .map { panel.x.scale == .logarithmic ? pow(10, $0) : $0 }.filter { $0 > 0 }
      .map { ($0, log10($0)) }
  }
}

extension PanelAxis {
  /// The rows of ascending numbers between which a line means something: not across a gap of more than a factor of 2, nor
  /// one of more than three times a gap beside it, nor over one of `all` numbers.
  func joined(_ numbers: [Double], among all: [Double]) -> [Range<Int>] {
    let places = numbers.map { place($0) }
    let gaps = zip(places, places.dropFirst()).map { $1 - $0 }
    var runs: [Range<Int>] = []
    var start = 0
    for (k, gap) in gaps.enumerated() {
      let beside = [k - 1, k + 1].filter(gaps.indices.contains).map { gaps[$0] }.min() ?? gap
      // Near 0 on a linear axis a factor says nothing.
      let isFar = numbers[k + 1] > 2 * numbers[k] && gap > (high - low) / 8
      let isOver = all.contains { $0 > numbers[k] && $0 < numbers[k + 1] }
      if isFar || isOver || gap > 3.01 * beside {
        runs.append(start..<k + 1)
        start = k + 1
      }
    }
    return runs + (numbers.isEmpty ? [] : [start..<numbers.count])
  }
}
