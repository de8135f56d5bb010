/// An axis of a plot, by gnuplot's name, and the commands that set it up.
enum PlotAxis: String {
  case x, y
  /// In other units, at the right.
  case right = "y2"
  /// Of a colour bar.
  case color = "cb"

  func range(_ low: Double, _ high: Double) -> String {
    "set \(rawValue)range [\(fixed(low)):\(fixed(high))]"
  }

  /// Tics with names; without them only where panels are pages.
  func tics(_ names: [(name: String, place: Double)], labelled: Bool = true) -> String {
    let tics = names.map { "\(Self.label($0.name, shown: labelled)) \(fixed($0.place))" }
    return "set \(rawValue)tics (\(tics.joined(separator: ", ")))"
  }

  /// Adds a tic to those there are.
  func tic(_ name: String, at place: Double, labelled: Bool) -> String {
    "set \(rawValue)tics add (\(Self.label(name, shown: labelled)) \(fixed(place)))"
  }

  /// A text of an axis that stands only where a panel is at the edge of the page, and wherever it is a page of its own.
  static func label(_ text: String, shown: Bool) -> String {
    shown ? "'\(text)'" : "(paged ? '\(text)' : '')"
  }

  /// A grey band across the panel, for values that have no place on the axis.
  static func band(_ low: Double, _ high: Double) -> String {
    GnuplotText.graphic(
      "set object rectangle from graph 0, first \(fixed(low)) to graph 1, first \(fixed(high)) back "
        + "fillcolor rgb '#eeeeee' fillstyle solid 1 noborder")
  }
}
