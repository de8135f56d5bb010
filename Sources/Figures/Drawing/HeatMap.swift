import Experiments
import Foundation
import GradientFlow

/// Values on a grid, drawn as an image: x grows to the right, y upwards.
struct HeatMap: Sendable {
  /// The values along both axes, ascending.
  let xs, ys: [Int]
  /// By y, then by x. What is not finite has no colour: the background is seen.
  let values: [[Double]]

  /// Rows of a table: `fields`, y, x and value.
  func rows(_ fields: [String]) -> [[String]] {
    zip(ys, values).flatMap { y, row in
      zip(xs, row).map { (x: Int, value: Double) -> [String] in
        fields + ["\(y)", "\(x)", CSVField.number(value)]
      }
    }
  }

  /// The elements that draw a block with those rows; `shade` is a gnuplot function of the column. On a text terminal a
  /// digit represents several cells, from 0 for the least to 9 for the greatest value.
  func elements(block: Int, x: String, y: String, value: String) -> [String] {
    let using = "data skip 1 index \(block) using \(x):\(y)"
    let (right, up) = ((xs.count + 59) / 60, (ys.count + 14) / 15)
    let row = "int(column(0)) / \(xs.count)"
    let isShown = "(int(column(0)) % \(xs.count)) % \(right) == 0 && (\(row)) % \(up) == 0"
    let digits =
      "for [i=1:1 - bands] \(using):(\(isShown) ? digit(\(value)) : '') with labels notitle"
    // An image has two rows and two columns at least. An axis of one value is as wide as 1.
    guard xs.count > 1, ys.count > 1 else {
      // Boxes overlap a little: where edges only touch, the background is seen between them.
      let (width, height) = (
        (ys.count > 1 ? 1 : 1.1) * Self.half(xs), (ys.count > 1 ? 1.1 : 1) * Self.half(ys)
      )
      return [
        "for [i=1:bands] \(using):(\(fixed(width))):(\(fixed(height))):(shade(\(value))) "
          + "with boxxyerror fillcolor palette notitle", digits,
      ]
    }
    return ["for [i=1:bands] \(using):(shade(\(value))) with image notitle", digits]
  }

  /// Commands for axes on which every cell is whole.
  var axisCommands: [String] {
    func range(_ values: [Int]) -> String {
      let half = Self.half(values)
      return "[\(fixed(Double(values.first ?? 0) - half)):\(fixed(Double(values.last ?? 0) + half))]"
    }
    func tics(_ values: [Int], count: Double) -> String {
      let (first, last) = (values.first ?? 0, values.last ?? 0)
      let step = max(1, DecadeAxis.niceStep(max(1, Double(last - first)) / count))
      let start = (Double(first) / step).rounded(.up) * step
      return "\(fixed(start)), \(fixed(step)), \(last)"
    }
    return [
      "set xrange \(range(xs))", "set yrange \(range(ys))", "set xtics \(tics(xs, count: 6))",
      "set ytics \(tics(ys, count: 6))", "set format y '%g'",
    ]
  }

  /// Half the width of a cell.
  private static func half(_ values: [Int]) -> Double {
    guard let first = values.first, let last = values.last, values.count > 1 else { return 0.5 }
    return Double(last - first) / Double(values.count - 1) / 2
  }
}

/// The colours of heat maps: what is above or below the scale has the colour of its end.
struct HeatScale: Sendable, Equatable {
  let low, high: Double
  /// Whether there are values beyond the ends.
  private let saturates: (below: Bool, above: Bool)
  private let isDiverging: Bool

  static func == (a: HeatScale, b: HeatScale) -> Bool {
    (a.low, a.high, a.isDiverging) == (b.low, b.high, b.isDiverging) && a.saturates == b.saturates
  }

  /// From dark for the least to bright for the greatest value, over nearly all of them.
  ///
  /// - Parameter share: of the values that may have the colour of the lower end.
  static func sequential(_ values: [Double], share: Double = 0.02) -> HeatScale {
    let values = values.filter(\.isFinite)
    let (least, greatest) = (values.min() ?? 0, values.max() ?? 1)
    var low = quantile(values, share) ?? least
    if greatest - low < 0.5 { low = greatest - 0.5 }
    return HeatScale(low: low, high: greatest, saturates: (least < low, false), isDiverging: false)
  }

  /// Blue below zero, white, brown above, the same distance either way.
  static func diverging(_ values: [Double], share: Double = 0.005) -> HeatScale {
    let sizes = values.filter(\.isFinite).map(\.magnitude)
    let wanted = max(1e-12, quantile(sizes, 1 - share) ?? 1)
    let step = DecadeAxis.niceStep(wanted / 5)
    let limit = step * (wanted / step - 1e-9).rounded(.up)
    return HeatScale(
      low: -limit, high: limit,
      saturates: (values.contains { $0 < -limit }, values.contains { $0 > limit }), isDiverging: true)
  }

  private init(
    low: Double, high: Double, saturates: (below: Bool, above: Bool), isDiverging: Bool
  ) {
    (self.low, self.high, self.saturates, self.isDiverging) = (low, high, saturates, isDiverging)
  }

  /// Commands that make it the palette from here on.
  ///
  /// - Parameter label: gnuplot's format of a tic with its value, as `10^{%g}`.
  func commands(label: String) -> [String] {
    let step = DecadeAxis.niceStep((high - low) / 5)
    var tics: [String] = []
    func add(_ value: Double, _ sign: String = "") {
      let text = label.replacing("%g", with: CSVField.number(Double(String(format: "%.3g", value))))
      tics.append("'\(sign)\(text)' \(fixed(value))")
    }
    var value = (low / step).rounded(.up) * step
    if saturates.below, value - low > 0.3 * step { add(low, "≤ ") }
    while value <= high + step / 100 {
      let (isLow, isHigh) = (value - low < step / 100, high - value < step / 100)
      add(value, isLow && saturates.below ? "≤ " : isHigh && saturates.above ? "≥ " : "")
      value += step
    }
    if saturates.above, high - (value - step) > 0.3 * step { add(high, "≥ ") }
    return [
      isDiverging
        ? "set palette defined (-1 '#053061', -0.66 '#2c7bb6', -0.33 '#9ecae1', 0 '#ffffff', "
          + "0.33 '#fdb863', 0.66 '#d7711a', 1 '#7f3b08')"
        : "set palette defined (0 '#440154', 0.125 '#472c7a', 0.25 '#3b518b', 0.375 '#2c718e', "
          + "0.5 '#21908d', 0.625 '#27ad81', 0.75 '#5cc863', 0.875 '#aadc32', 1 '#fde725')",
      "least = \(fixed(low)); greatest = \(fixed(high))", "set cbrange [least:greatest]",
      "set cbtics (\(tics.joined(separator: ", ")))",
      "bounded(v) = v < least ? least : v > greatest ? greatest : v",
      "shade(c) = strcol(c) eq '' || strcol(c) eq '-inf' ? NaN : bounded(column(c))",
      "digit(c) = shade(c) == shade(c) ? sprintf('%d', int(9.99 * (shade(c) - least) / (greatest - least))) : ''",
    ]
  }

  /// The command that shows the colour bar at the right of the page, beside the panels between two heights.
  static func bar(_ extent: (top: Double, bottom: Double)) -> String {
    let width = GridLayout.width
    return "if (!paged) { set colorbox vertical user origin screen \(fixed((width - 120) / width)), screen "
      + "\(fixed(extent.bottom)) size screen \(fixed(22 / width)), screen \(fixed(extent.top - extent.bottom)) }"
  }
}
