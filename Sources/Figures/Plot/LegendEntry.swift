/// An entry of a legend.
package struct LegendEntry: Sendable {
  /// What stands beside the text.
  package enum Sample: Sendable { case line, points, linePoints, area }

  package let title: String
  package let sample: Sample
  package let style: CurveStyle
  /// Of points.
  package var size = 1.0

  package init(_ title: String, _ sample: Sample = .line, _ style: CurveStyle, size: Double = 1) {
    (self.title, self.sample, self.style, self.size) = (title, sample, style, size)
  }

  package init(_ title: String, _ pen: Pen) { self.init(title, .line, pen.style) }
}

package typealias Legend = [LegendEntry]

extension Legend {
  /// An entry for each title, with its style.
  package static func each(
    _ titles: some Sequence<String>, as sample: LegendEntry.Sample = .line, _ styles: [CurveStyle]
  ) -> Legend {
    zip(titles, styles).map { LegendEntry($0, sample, $1) }
  }

  /// An entry, or none where nothing of its kind is drawn.
  package static func entry(
    _ title: String, _ sample: LegendEntry.Sample = .line, _ style: CurveStyle, size: Double = 1,
    if isDrawn: Bool = true
  ) -> Legend {
    isDrawn ? [LegendEntry(title, sample, style, size: size)] : []
  }

  package static func entry(_ title: String, _ pen: Pen, if isDrawn: Bool = true) -> Legend {
    entry(title, .line, pen.style, if: isDrawn)
  }
}
