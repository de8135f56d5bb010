/// An entry of a legend.
struct LegendEntry: Sendable {
  /// What stands beside the text.
  enum Sample: Sendable { case line, points, linePoints, area }

  let title: String
  let sample: Sample
  let style: CurveStyle
  /// Of points.
  var size = 1.0

  init(_ title: String, _ sample: Sample = .line, _ style: CurveStyle, size: Double = 1) {
    (self.title, self.sample, self.style, self.size) = (title, sample, style, size)
  }

  init(_ title: String, _ pen: Pen) { self.init(title, .line, pen.style) }
}

typealias Legend = [LegendEntry]

extension Legend {
  /// An entry for each title, with its style.
  static func each(
    _ titles: some Sequence<String>, as sample: LegendEntry.Sample = .line, _ styles: [CurveStyle]
  ) -> Legend {
    zip(titles, styles).map { LegendEntry($0, sample, $1) }
  }

  /// An entry, or none where nothing of its kind is drawn.
  static func entry(
    _ title: String, _ sample: LegendEntry.Sample = .line, _ style: CurveStyle, size: Double = 1,
    if isDrawn: Bool = true
  ) -> Legend {
    isDrawn ? [LegendEntry(title, sample, style, size: size)] : []
  }

  static func entry(_ title: String, _ pen: Pen, if isDrawn: Bool = true) -> Legend {
    entry(title, .line, pen.style, if: isDrawn)
  }
}
