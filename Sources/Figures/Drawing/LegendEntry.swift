/// An entry of a legend.
struct LegendEntry {
  let title: String
  /// How it is drawn: `lines linetype 1`.
  let style: String

  init(_ title: String, _ style: String) { (self.title, self.style) = (title, style) }

  /// As an element of a plot command.
  var element: String { "keyentry with \(style) title \(GnuplotText.quoted(title))" }
}

typealias Legend = [LegendEntry]

extension Legend {
  /// An entry for each of the line types from `first` on.
  static func each(
    _ titles: some Sequence<String>, _ kind: String = "lines", _ more: String = "", from first: Int = 1
  ) -> Legend {
    titles.enumerated().map { LegendEntry($1, "\(kind) linetype \($0 + first)\(more)") }
  }

  /// An entry, or none where nothing of its kind is drawn.
  static func entry(_ title: String, _ style: String, if isDrawn: Bool = true) -> Legend {
    isDrawn ? [LegendEntry(title, style)] : []
  }
}
