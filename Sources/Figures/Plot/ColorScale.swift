import Experiments
import Foundation
import TextFiles

/// The colours of a map: what is above or below the scale has the colour of its end.
package struct ColorScale: Sendable, Equatable {
  package enum Palette: Sendable {
    /// From dark for the least to bright for the greatest value.
    case sequential
    /// Blue below zero, white, brown above.
    case diverging
    /// Of a ground on which curves are drawn: white to grey blue.
    case ground
  }

  package struct Tic: Sendable, Equatable {
    package let place: Double
    package let name: String
  }

  package let palette: Palette
  package let low, high: Double
  package let tics: [Tic]
  /// What is written above the bar.
  package let label: String

  package init(_ palette: Palette, low: Double, high: Double, tics: [Tic], label: String) {
    (self.palette, self.low, self.high, self.tics, self.label) = (palette, low, high, tics, label)
  }

  /// How a number on the bar is written.
  package enum Notation: Sendable { case numbers, powers }

  /// - Parameter saturates: whether there are values beyond the ends.
  private init(
    _ palette: Palette, low: Double, high: Double, saturates: (below: Bool, above: Bool),
    _ notation: Notation,
    label: String
  ) {
    let step = PanelAxis.niceStep((high - low) / 5)
    func name(_ value: Double) -> String {
      notation == .powers ? Brief.power(value, step: step) : Brief.tic(value, step: step)
    }
    var tics = PanelAxis.round(from: low - step / 100, to: high + step / 100, step: step).map { value in
      let (isLow, isHigh) = (value - low < step / 100, high - value < step / 100)
      return Tic(
        place: value,
        name: (isLow && saturates.below ? "≤ " : isHigh && saturates.above ? "≥ " : "") + name(value))
    }
    func end(_ value: Double, _ sign: String) -> Tic {
      Tic(
        place: value,
        name: sign + (notation == .powers ? Brief.tenPower(value) : Markup.numbers(Brief.number(value))))
    }
    if saturates.below, let first = tics.first, first.place - low > 0.3 * step {
      tics.insert(end(low, "≤ "), at: 0)
    }
    if saturates.above, let last = tics.last, high - last.place > 0.3 * step { tics.append(end(high, "≥ ")) }
    self.init(palette, low: low, high: high, tics: tics, label: label)
  }

  /// From dark for the least to bright for the greatest value, but for a fiftieth that has the colour of the lower end.
  ///
  /// - Parameters:
  ///   - values: log10 of what is shown.
  ///   - depth: how many decades below the greatest value it reaches at most: one map must not flatten the others.
  package static func sequential(_ values: [Double], depth: Double = .infinity, label: String) -> ColorScale {
    let values = values.filter(\.isFinite)
    let (least, greatest) = (values.min() ?? 0, values.max() ?? 1)
    var low = quantile(values, 0.02) ?? least
    if greatest - low > depth {
      // Where it is cut there is a tic that says so.
      let step = PanelAxis.niceStep(depth / 5)
      low = ((greatest - depth) / step).rounded() * step
    }
    // An end that is a tic of its own reads better.
    if greatest - low > 3 { low = low.rounded(.down) }
    if greatest - low < 0.5 { low = greatest - 0.5 }
    return ColorScale(
      .sequential, low: low, high: greatest, saturates: (least < low, false), .powers, label: label)
  }

  /// The same distance to both sides of 0.
  ///
  /// - Parameter share: of the values, those that are in range.
  package static func diverging(
    _ values: [Double], share: Double = 0.995, least: Double = 1e-12, _ notation: Notation = .numbers,
    label: String
  ) -> ColorScale {
    let sizes = values.filter(\.isFinite).map(\.magnitude)
    let wanted = max(least, quantile(sizes, share) ?? 1)
    let step = PanelAxis.niceStep(wanted / 5)
    let limit = step * (wanted / step - 1e-9).rounded(.up)
    return ColorScale(
      .diverging, low: -limit, high: limit,
      saturates: (values.contains { $0 < -limit }, values.contains { $0 > limit }), notation, label: label)
  }

  /// The colours from the lower end to the upper, with their places from 0 to 1.
  package func stops(_ ink: Canvas.Ink) -> [(place: Double, color: String)] {
    switch (palette, ink) {
    case (.sequential, .color):
      [
        (0, "#440154"), (0.125, "#472c7a"), (0.25, "#3b518b"), (0.375, "#2c718e"), (0.5, "#21908d"),
        (0.625, "#27ad81"), (0.75, "#5cc863"), (0.875, "#aadc32"), (1, "#fde725"),
      ]
    case (.sequential, .black): [(0, "#202020"), (1, "#f4f4f4")]
    case (.diverging, .color):
      [
        (0, "#053061"), (0.17, "#2c7bb6"), (0.335, "#9ecae1"), (0.5, "#ffffff"), (0.665, "#fdb863"),
        (0.83, "#d7711a"), (1, "#7f3b08"),
      ]
    // Without hues only a scale from dark to bright tells signs apart.
    case (.diverging, .black): [(0, "#303030"), (1, "#ffffff")]
    case (.ground, .color): [(0, "#ffffff"), (0.12, "#e3ecf3"), (0.45, "#b4c8d8"), (1, "#5d7890")]
    case (.ground, .black): [(0, "#ffffff"), (1, "#808080")]
    }
  }

  /// Where a value is between the ends, from 0 to 1; nil for one without a colour.
  package func share(_ value: Double) -> Double? {
    if value.isNaN || value == -.infinity && palette == .sequential { return nil }
    return min(1, max(0, (value - low) / (high - low)))
  }

  /// Whether dark letters cannot be read on the colour of a value.
  package func isDark(_ value: Double) -> Bool {
    guard let share = share(value) else { return false }
    switch palette {
    case .sequential: return share < 0.6
    case .diverging: return (share - 0.5).magnitude > 0.25
    case .ground: return false
    }
  }
}
