import Experiments
import GradientFlow

/// Values on a grid, drawn as an image: x grows to the right, y upwards.
struct HeatMap: Sendable {
  /// The values along both axes, ascending.
  let xs, ys: [Int]
  /// By y, then by x. What is not finite has no colour: the background is seen.
  let values: [[Double]]

  /// Commands for axes on which every cell is whole.
  var axisCommands: [String] {
    func range(_ axis: PlotAxis, _ values: [Int]) -> String {
      let half = Self.half(values)
      return axis.range(Double(values.first ?? 0) - half, Double(values.last ?? 0) + half)
    }
    func tics(_ values: [Int], count: Double) -> String {
      let (first, last) = (values.first ?? 0, values.last ?? 0)
      let step = max(1, DecadeAxis.niceStep(max(1, Double(last - first)) / count))
      let start = (Double(first) / step).rounded(.up) * step
      return "\(fixed(start)), \(fixed(step)), \(last)"
    }
    return [
      range(.x, xs), range(.y, ys), "set xtics \(tics(xs, count: 6))",
      "set ytics \(tics(ys, count: 6))", "set format y '%g'",
    ]
  }

  /// Half the width of a cell.
  fileprivate static func half(_ values: [Int]) -> Double {
    guard let first = values.first, let last = values.last, values.count > 1 else { return 0.5 }
    return Double(last - first) / Double(values.count - 1) / 2
  }
}

extension FigurePage {
  /// Draws a map, whose data are rows of `fields`, y, x and value; `shade` is a gnuplot function of the column. On a text
  /// terminal a digit represents several cells, from 0 for the least to 9 for the greatest value.
  ///
  /// - Parameters:
  ///   - x: the name of a column, as y and value.
  ///   - place: the fields of an x.
  mutating func draw(
    _ map: HeatMap, _ fields: [String], x: String, y: String, value: String,
    place: (Int) -> [String] = { ["\($0)"] }
  ) {
    let (xs, ys) = (map.xs, map.ys)
    let rows = zip(ys, map.values).flatMap { (y: Int, row: [Double]) -> [[String]] in
      let head = fields + ["\(y)"]
      return zip(xs, row).map { head + place($0) + [CSVField.number($1)] }
    }
    guard let using = append(rows)?.using("\(x):\(y)") else { return }
    // An image has two rows and two columns at least. An axis of one value is as wide as 1.
    if xs.count > 1, ys.count > 1 {
      draw("for [i=1:bands] \(using):(shade(\(value))) with image")
    } else {
      // Boxes overlap a little: where edges only touch, the background is seen between them.
      let width = (ys.count > 1 ? 1 : 1.1) * HeatMap.half(xs)
      let height = (ys.count > 1 ? 1.1 : 1) * HeatMap.half(ys)
      draw(
        "for [i=1:bands] \(using):(\(fixed(width))):(\(fixed(height))):(shade(\(value))) "
          + "with boxxyerror fillcolor palette")
    }
    let (right, up) = ((xs.count + 59) / 60, (ys.count + 14) / 15)
    let row = "int(column(0)) / \(xs.count)"
    let isShown = "(int(column(0)) % \(xs.count)) % \(right) == 0 && (\(row)) % \(up) == 0"
    draw("for [i=1:1 - bands] \(using):(\(isShown) ? digit(\(value)) : '') with labels")
  }

  /// Sets axes on which every cell is whole, with numbers at the left of the page.
  mutating func addAxes(of map: HeatMap) {
    add(map.axisCommands)
    add(isAtLeft ? "" : "set format y \(PlotAxis.label("%g", shown: false))")
  }

  /// Shows what has no colour in grey, up to an x.
  mutating func addBackground(upTo x: String = "graph 1") {
    addGraphic(
      "set object rectangle from graph 0, graph 0 to \(x), graph 1 behind fillcolor rgb '#dddddd' "
        + "fillstyle solid 1 noborder")
  }

  /// Makes a scale that of all panels, whose maps are drawn without a grid.
  mutating func addScale(_ scale: HeatScale) {
    add(scale.commands(label: "10^{%g}"))
    add("unset colorbox", "set style fill solid 1 noborder", "unset grid")
  }

  /// Shows the colour bar beside the panels between two heights, with a text above it so many pixels from the right; nil:
  /// none.
  mutating func addColorBar(
    _ extent: (top: Double, bottom: Double)?, label: (text: String, inset: Double)? = nil
  ) {
    guard let extent else { return add("unset colorbox") }
    addGraphic(HeatScale.bar(extent))
    guard let label else { return }
    addGraphic(
      "set label '\(label.text)' at screen \(fixed((GridLayout.width - label.inset) / GridLayout.width)), screen "
        + "\(fixed(extent.top + 16 / layout.height)) left")
  }
}

/// The colours of heat maps: what is above or below the scale has the colour of its end.
struct HeatScale: Sendable {
  let low, high: Double
  /// Whether there are values beyond the ends.
  private let saturates: (below: Bool, above: Bool)
  private let isDiverging: Bool

  /// From dark for the least to bright for the greatest value, but for a fiftieth that has the colour of the lower end.
  static func sequential(_ values: [Double]) -> HeatScale {
    let values = values.filter(\.isFinite)
    let (least, greatest) = (values.min() ?? 0, values.max() ?? 1)
    var low = quantile(values, 0.02) ?? least
    if greatest - low < 0.5 { low = greatest - 0.5 }
    return HeatScale(low: low, high: greatest, saturates: (least < low, false), isDiverging: false)
  }

  /// Blue below zero, white, brown above, the same distance either way.
  static func diverging(_ values: [Double]) -> HeatScale {
    let sizes = values.filter(\.isFinite).map(\.magnitude)
    let wanted = max(1e-12, quantile(sizes, 1 - 0.005) ?? 1)
    let step = DecadeAxis.niceStep(wanted / 5)
    let limit = step * (wanted / step - 1e-9).rounded(.up)
    return HeatScale(
      low: -limit, high: limit,
      saturates: (values.contains { $0 < -limit }, values.contains { $0 > limit }), isDiverging: true)
  }

  /// Commands that make it the palette from here on.
  ///
  /// - Parameter label: gnuplot's format of a tic with its value, as `10^{%g}`.
  func commands(label: String) -> [String] {
    let step = DecadeAxis.niceStep((high - low) / 5)
    var tics: [(String, Double)] = []
    func add(_ value: Double, _ sign: String = "") {
      tics.append((sign + label.replacing("%g", with: Brief.number(value)), value))
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
        ? Self.divergingPalette
        : "set palette defined (0 '#440154', 0.125 '#472c7a', 0.25 '#3b518b', 0.375 '#2c718e', "
          + "0.5 '#21908d', 0.625 '#27ad81', 0.75 '#5cc863', 0.875 '#aadc32', 1 '#fde725')",
      "least = \(fixed(low)); greatest = \(fixed(high))", "set cbrange [least:greatest]",
      PlotAxis.color.tics(tics),
      "bounded(v) = v < least ? least : v > greatest ? greatest : v",
      "shade(c) = strcol(c) eq '' || strcol(c) eq '-inf' ? NaN : bounded(column(c))",
      "digit(c) = shade(c) == shade(c) ? sprintf('%d', int(9.99 * (shade(c) - least) / (greatest - least))) : ''",
    ]
  }

  /// Blue, white, brown.
  static let divergingPalette =
    "set palette defined (-1 '#053061', -0.66 '#2c7bb6', -0.33 '#9ecae1', 0 '#ffffff', "
    + "0.33 '#fdb863', 0.66 '#d7711a', 1 '#7f3b08')"

  /// The command that shows the colour bar at the right of the page, beside the panels between two heights.
  static func bar(_ extent: (top: Double, bottom: Double), inset: Double = 120) -> String {
    let width = GridLayout.width
    return "set colorbox vertical user origin screen \(fixed((width - inset) / width)), screen "
      + "\(fixed(extent.bottom)) size screen \(fixed(22 / width)), screen \(fixed(extent.top - extent.bottom))"
  }
}
