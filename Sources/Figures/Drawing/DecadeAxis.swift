import Experiments
import Foundation

/// The range and tics of a linear axis that shows log10 values, with places for the two values that
/// have no logarithm: a band below for exact zeros and one above for what is infinite.
struct DecadeAxis: Sendable, Equatable {
  /// What its values are.
  enum Kind: Sendable {
    /// log10 of what is shown: tics are powers of ten, −∞ is 0.
    case powers
    /// Shown as they are.
    case numbers
  }

  /// Decides how tics are labelled.
  let kind: Kind
  /// The ends of the axis, bands included.
  let low, high: Double
  /// The distance of tics.
  let step: Double
  /// Tics between the bands.
  let firstTic, lastTic: Double
  /// Where zeros and infinities are drawn; nil where there are none.
  let zeroLevel, overflowLevel: Double?

  /// An axis that shows all of `values`; −∞ and +∞ get their bands, NaN is left out.
  ///
  /// - Parameters:
  ///   - span: what it shows at least.
  ///   - headroom: share of the axis kept free above, for notes.
  init(
    _ values: some Sequence<Double>, kind: Kind = .powers, tics: Double = 7, span: Double = 0.2,
    headroom: Double = 0
  ) {
    self.kind = kind
    let finite = values.filter(\.isFinite)
    var (least, greatest) = (finite.min() ?? -1, finite.max() ?? 0)
    let (zero, overflow) = (values.contains(-.infinity), values.contains(.infinity))
    if greatest - least < span {
      let middle = (greatest + least) / 2
      (least, greatest) = (middle - 2.5 * span, middle + 2.5 * span)
    }
    let range = AxisRange(least, greatest)
    (least, greatest) = (range.low, range.high)
    let margin = 0.04 * (greatest - least)
    let step = Self.niceStep((greatest - least) / tics)
    var (low, high) = (least - margin, greatest + margin)
    firstTic = (low / step).rounded(.up) * step
    lastTic = (high / step).rounded(.down) * step
    high += (high - low) * headroom / (1 - headroom)
    let band = 0.09 * (high - low)
    zeroLevel = zero ? low - band / 2 : nil
    overflowLevel = overflow ? high + band / 2 : nil
    if zero { low -= band }
    if overflow { high += band }
    (self.low, self.high, self.step) = (low, high, step)
  }

  /// The lower end without the band of zeros.
  var bottom: Double { zeroLevel.map { 2 * $0 - low } ?? low }

  /// Commands for an x axis of lags below `count`, with few enough tics for long numbers.
  static func lagCommands(count: Int) -> [String] {
    let last = max(1, count - 1)
    let step = max(1, niceStep(Double(last) / 5.5))
    return ["set xrange [0:\(last)]", "set xtics 0, \(CSVField.number(step))"]
  }

  /// Commands for an x axis of the steps or numbers 1…`count`.
  static func countCommands(_ count: Int) -> [String] {
    guard count > 1 else { return ["set xrange [0.5:1.5]", "set xtics 1, 1, 1"] }
    let step = max(1, niceStep(Double(count - 1) / 5.5))
    return ["set xrange [1:\(count)]", "set xtics \(step > 1 ? 0 : 1), \(CSVField.number(step))"]
  }

  /// 1, 2 or 5 times a power of ten, at least `distance`.
  static func niceStep(_ distance: Double) -> Double {
    guard distance > 0, distance.isFinite else { return 1 }
    let decade = pow(10, floor(log10(distance)))
    for factor in [1.0, 2, 5] where factor * decade >= distance * 0.999 { return factor * decade }
    return 10 * decade
  }

  /// Commands that set up the y axis. The tic labels are there only if `labelled`, and always on a
  /// terminal that shows one panel a page.
  func commands(labelled: Bool) -> [String] {
    let (page, figure) = kind == .powers ? ("1e%g", "10^{%g}") : ("%g", "%g")
    var commands = [
      PlotAxis.y.range(low, high),
      "set ytics \(fixed(firstTic)), \(CSVField.number(step)), \(fixed(lastTic))",
      "set format y (paged ? '\(page)' : '\(labelled ? figure : "")')",
    ]
    if let zeroLevel {
      commands.append(PlotAxis.y.tic(kind == .powers ? "0" : "−∞", at: zeroLevel, labelled: labelled))
      commands.append(PlotAxis.band(low, low + 2 * (zeroLevel - low)))
    }
    if let overflowLevel {
      commands.append(PlotAxis.y.tic("∞", at: overflowLevel, labelled: labelled))
      commands.append(PlotAxis.band(high + 2 * (overflowLevel - high), high))
    }
    return commands
  }

  /// gnuplot functions that place the values of a CSV: `shown(c)` is column c, or its band.
  var functions: [String] {
    ["zero_level = \(fixed(zeroLevel ?? low))", "overflow_level = \(fixed(overflowLevel ?? high))"]
      + ["shown(c) = strcol(c) eq '-inf' ? zero_level : strcol(c) eq 'inf' ? overflow_level : column(c)"]
  }
}

/// A coordinate for a script: six significant digits are below a hundredth of a pixel.
func fixed(_ value: Double) -> String {
  let text = String(format: "%.7g", value)
  return text == "-0" ? "0" : text
}
