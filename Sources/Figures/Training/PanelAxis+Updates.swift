import Experiments
import Foundation

extension PanelAxis {
  /// Of updates from 0 to `end`.
  ///
  /// - Parameter longest: the last update of all panels: they count alike.
  static func updates(to end: Int, of longest: Int) -> PanelAxis {
    let (unit, label) = unit(longest)
    let high = 1.03 * Double(max(1, end))
    let step = max(1, niceStep(Double(max(1, end)) / 4.5))
    return PanelAxis(
      label: label, low: 0, high: high,
      tics: round(from: 0, to: high, step: step).map {
        Tic(place: $0, name: Brief.tic($0 / unit, step: step / unit))
      })
  }

  /// Of updates on a logarithmic scale from the first one after 0, which has a place of its own.
  static func logarithmicUpdates(from first: Double, to end: Int) -> PanelAxis {
    let (low, high) = (log10(max(0.4, first)), log10(1.1 * Double(max(2, end))))
    let width = 0.06 * (high - low)
    let decades = round(from: low, to: high, step: 1)
    let factors = decades.count < 3 ? [1.0, 2, 5] : [1]
    let tics = (Int(low.rounded(.down))...Int(high.rounded(.up))).flatMap { decade in
      factors.map { $0 * pow(10, Double(decade)) }
    }.filter { (low...high).contains(log10($0)) }
    return PanelAxis(
      label: "update", scale: .logarithmic, low: low - width, high: high,
      tics: tics.map { Tic(place: log10($0), name: Brief.tic($0, step: min(1, $0))) },
      zeros: Band(low: low - width, high: low, name: "0"))
  }

  /// What updates are counted in, and the label that says so.
  static func unit(_ longest: Int) -> (unit: Double, label: String) {
    longest >= 20_000 ? (1000, "update (thousands)") : (1, "update")
  }

  /// One axis for panels with such values or, where it would flatten the curves of some, one for each.
  ///
  /// - Parameter share: of the axis, which the values of each panel take at least.
  static func alike(_ values: [[Double]], fill share: Double = 0.3, _ axis: ([Double]) -> PanelAxis)
    -> [PanelAxis]
  {
    let common = axis(values.flatMap { $0 })
    let isFlat = values.filter { !$0.isEmpty }.contains { values in
      let places = values.filter(\.isFinite).map(common.place)
      guard let low = places.min(), let high = places.max() else { return false }
      return high - low < share * (common.top - common.bottom)
    }
    return values.map { isFlat ? axis($0) : common }
  }
}
