import Experiments
import Foundation
import TextFiles

/// An axis of a panel: its label, its ends, its tics with their names, and where values are that have no place on it.
package struct PanelAxis: Sendable, Equatable {
  /// How a number of the data becomes a place.
  package enum Scale: Sendable, Equatable {
    case linear
    /// Places are log10 of the data.
    case logarithmic
  }

  package struct Tic: Sendable, Equatable {
    package let place: Double
    package let name: String
  }

  /// A part that stands for values without a place: exact zeros, infinities, what was not measured.
  package struct Band: Sendable, Equatable {
    package let low, high: Double
    package let name: String
    package var middle: Double { (low + high) / 2 }
  }

  package var label: String
  package var scale = Scale.linear
  /// The ends, bands included; places, as those of tics and bands.
  package var low, high: Double
  package var tics: [Tic]
  /// For −∞ and +∞.
  package var zeros, infinities: Band?
  /// For what has no value.
  package var gaps: Band?
  /// Whether a value beyond the ends is drawn at the end.
  package var isClamping = false

  /// The lower end without bands.
  package var bottom: Double { [zeros?.high, gaps?.high].compactMap { $0 }.max() ?? low }
  /// The upper end without bands.
  package var top: Double { infinities?.low ?? high }
  /// The visible letters of the longest name of a tic.
  package var widestName: Int {
    (tics.map(\.name) + bands.map(\.name)).map { Markup.unmarked($0).count }.max() ?? 0
  }
  package var bands: [Band] { [zeros, infinities, gaps].compactMap { $0 } }

  /// Where a number of the data is; NaN if nowhere.
  package func place(_ value: Double) -> Double {
    if value == .infinity { return infinities?.middle ?? (isClamping ? high : .nan) }
    if value == -.infinity { return zeros?.middle ?? (isClamping ? low : .nan) }
    guard scale == .logarithmic else { return clamped(value) }
    return value > 0 ? clamped(log10(value)) : zeros?.middle ?? (isClamping ? low : .nan)
  }

  private func clamped(_ place: Double) -> Double {
    isClamping && !place.isNaN ? min(max(place, bottom), top) : place
  }

  /// The same with another label.
  package func labelled(_ label: String) -> PanelAxis {
    var axis = self
    axis.label = label
    return axis
  }
}

// MARK: - Kinds of axes

extension PanelAxis {
  /// Of lags below `count`.
  package static func lag(_ count: Int) -> PanelAxis {
    .counts("lag T − t (steps)", from: 0, to: max(1, count - 1))
  }

  /// Of steps or numbers from `first` to `last`; one alone has its place in the middle.
  package static func counts(_ label: String, from first: Int, to last: Int) -> PanelAxis {
    guard last > first else {
      let place = Double(first)
      return PanelAxis(
        label: label, low: place - 0.5, high: place + 0.5, tics: [Tic(place: place, name: "\(first)")])
    }
    let step = max(1, niceStep(Double(last - first) / 5.5))
    // 0, 50, 100…, with 1 where counting begins at 1 and tics are near.
    let start = step == 1 ? Double(first) : (Double(first) / step).rounded(.up) * step
    return PanelAxis(
      label: label, low: Double(first), high: Double(last),
      tics: stride(from: start, through: Double(last), by: step).map {
        Tic(place: $0, name: Brief.grouped(Int($0)))
      })
  }

  /// Of numbers at their places, with tics at round ones.
  package static func numbers(_ label: String, from low: Double, to high: Double, tics: Double = 6)
    -> PanelAxis
  {
    let range = AxisRange(low, high)
    let step = niceStep((range.high - range.low) / tics)
    return PanelAxis(
      label: label, low: range.low, high: range.high,
      tics: Self.round(from: range.low, to: range.high, step: step).map {
        Tic(place: $0, name: Brief.tic($0, step: step))
      })
  }

  /// Of shares from 0 to 1.
  package static func share(_ label: String) -> PanelAxis {
    PanelAxis(
      label: label, low: 0, high: 1.04,
      tics: stride(from: 0.0, through: 1.001, by: 0.2).map { Tic(place: $0, name: Brief.tic($0, step: 0.2)) })
  }

  /// Of positive numbers on a logarithmic scale, with tics at powers of ten or, where these are few, at 1, 2 and 5 times
  /// them.
  package static func logarithmic(_ label: String, from low: Double, to high: Double) -> PanelAxis {
    let ends = AxisRange(log10(max(low, 1e-290)), log10(max(high, 1e-290)))
    var tics = decadeTics(from: ends.low, to: ends.high, count: 6)
    // Numbers that are short need no powers.
    if tics.allSatisfy({ (-3...6).contains($0.place) }) {
      tics = tics.map {
        Tic(place: $0.place, name: Brief.tic(pow(10, $0.place), step: pow(10, min(0, $0.place))))
      }
    }
    return PanelAxis(label: label, scale: .logarithmic, low: ends.low, high: ends.high, tics: tics)
  }

  /// Of values that are named one by one, at 0, 1, 2…, of which at most so many have room for their names.
  package static func categories(_ label: String, _ names: [String], limit: Int) -> PanelAxis {
    let stride = max(1, (names.count + limit - 1) / max(1, limit))
    return PanelAxis(
      label: label, low: -0.5, high: Double(names.count) - 0.5,
      tics: names.enumerated().filter { $0.offset % stride == 0 }.map {
        Tic(place: Double($0.offset), name: $0.element)
      })
  }

  /// Of data that are log10 of what is shown, with places for exact zeros and for what is infinite.
  ///
  /// - Parameters:
  ///   - values: of which all are to be seen; NaN is left out.
  ///   - span: what it shows at least.
  ///   - headroom: share of the axis kept free above.
  package static func decades(
    _ label: String, _ values: some Sequence<Double>, tics: Double = 7, span: Double = 0.2,
    headroom: Double = 0
  ) -> PanelAxis {
    banded(label, values, tics: tics, span: span, headroom: headroom, names: ("0", "∞")) { low, high in
      decadeTics(from: low, to: high, count: tics)
    }
  }

  /// Of data shown as they are, with places for −∞ and +∞.
  package static func numbers(
    _ label: String, _ values: some Sequence<Double>, tics: Double = 7, span: Double = 0.2,
    headroom: Double = 0
  ) -> PanelAxis {
    banded(label, values, tics: tics, span: span, headroom: headroom, names: ("−∞", "∞")) { low, high in
      let step = niceStep((high - low) / tics)
      return round(from: low, to: high, step: step).map { Tic(place: $0, name: Brief.tic($0, step: step)) }
    }
  }

  /// Of positive data: linear from 0, or logarithmic where they span more than some ratio. What is infinite is at the
  /// upper end.
  package static func positive(
    _ label: String, _ values: [Double], headroom: Double = 0, logarithmicFrom ratio: Double = 100
  ) -> PanelAxis {
    let finite = values.filter(\.isFinite)
    let positive = finite.filter { $0 > 0 }
    let (least, greatest) = (positive.min() ?? 1, positive.max() ?? 1)
    var axis: PanelAxis
    if greatest > ratio * least {
      axis = decades(label, positive.map { log10($0) }, headroom: headroom)
      axis.scale = .logarithmic
    } else {
      axis = numbers(label, finite + [0], span: 0.2 * max(greatest, 1e-300), headroom: headroom)
    }
    axis.isClamping = true
    return axis
  }

  private static func banded(
    _ label: String, _ values: some Sequence<Double>, tics: Double, span: Double, headroom: Double,
    names: (zero: String, infinity: String), ticsBetween: (Double, Double) -> [Tic]
  ) -> PanelAxis {
    let finite = values.filter(\.isFinite)
    var (least, greatest) = (finite.min() ?? -1, finite.max() ?? 0)
    let (hasZeros, hasInfinities) = (values.contains(-.infinity), values.contains(.infinity))
    if greatest - least < span {
      let middle = (greatest + least) / 2
      (least, greatest) = (middle - 2.5 * span, middle + 2.5 * span)
    }
    let range = AxisRange(least, greatest)
    let margin = 0.04 * (range.high - range.low)
    var (low, high) = (range.low - margin, range.high + margin)
    let between = ticsBetween(low, high)
    high += (high - low) * headroom / (1 - headroom)
    let height = 0.09 * (high - low)
    let zeros = hasZeros ? Band(low: low - height, high: low, name: names.zero) : nil
    let infinities = hasInfinities ? Band(low: high, high: high + height, name: names.infinity) : nil
    low = zeros?.low ?? low
    high = infinities?.high ?? high
    return PanelAxis(
      label: label, low: low, high: high, tics: between, zeros: zeros, infinities: infinities)
  }

  /// With a band below everything for what has no value.
  package func withGaps(_ name: String) -> PanelAxis {
    var axis = self
    let height = 0.09 * (high - low)
    axis.gaps = Band(low: low - height, high: low, name: name)
    axis.low = low - height
    return axis
  }

  // MARK: - Tics

  /// Whole powers of ten; where they are fewer than two, 1, 2 and 5 times them by their numbers.
  package static func decadeTics(from low: Double, to high: Double, count: Double) -> [Tic] {
    if high - low < 2.3, low > -9, high < 9 {
      for factors in [[1.0, 2, 5], [1, 2, 3, 4, 5, 6, 7, 8, 9]] {
        let fine = (Int(low.rounded(.down))...Int(high.rounded(.up))).flatMap { decade in
          factors.map { $0 * pow(10, Double(decade)) }
        }.filter { (low...high).contains(log10($0)) }
        if fine.count > 1 { return fine.map { Tic(place: log10($0), name: Brief.tic($0, step: $0)) } }
      }
    }
    let step = high - low < 2.3 ? niceStep((high - low) / count) : max(1, niceStep((high - low) / count))
    return round(from: low, to: high, step: step).map { Tic(place: $0, name: Brief.power($0, step: step)) }
  }

  /// The multiples of a step between two numbers.
  package static func round(from low: Double, to high: Double, step: Double) -> [Double] {
    let (first, last) = ((low / step).rounded(.up), (high / step).rounded(.down))
    guard last >= first, last - first < 1000 else { return [] }
    return stride(from: first, through: last, by: 1).map { $0 == 0 ? 0 : $0 * step }
  }

  /// 1, 2 or 5 times a power of ten, at least `distance`.
  package static func niceStep(_ distance: Double) -> Double {
    guard distance > 0, distance.isFinite else { return 1 }
    let decade = pow(10, floor(log10(distance)))
    for factor in [1.0, 2, 5] where factor * decade >= distance * 0.999 { return factor * decade }
    return 10 * decade
  }
}
