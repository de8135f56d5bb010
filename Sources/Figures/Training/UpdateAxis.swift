import Experiments

/// The x axis of updates.
struct UpdateAxis: Sendable {
  private let thousands: Bool

  /// - Parameter end: the last update of all panels.
  init(end: Int) { thousands = end >= 20_000 }

  var title: String { thousands ? "update (thousands)" : "update" }

  /// A number of updates as on the axis.
  func label(_ updates: Double) -> String {
    CSVField.number(thousands ? updates / 1000 : updates)
  }

  /// Commands for a panel with updates up to `end`, with tics of its own; without labels only where panels are pages.
  func commands(end: Int, labelled: Bool = true) -> [String] {
    let step = max(1, DecadeAxis.niceStep(Double(max(1, end)) / 4.5))
    let tics = stride(from: 0, through: Double(end), by: step).map { (label($0), $0) }
    return [PlotAxis.x.range(0, 1.03 * Double(max(1, end))), PlotAxis.x.tics(tics, labelled: labelled)]
  }
}
