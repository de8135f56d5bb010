/// The text below a figure: everything needed to read it.
struct FigureCaption: Sendable {
  /// The parts, to be set apart by dots.
  var parts: [String]
  /// A warning shown above the panels; nil if none is needed.
  let warning: String?
}
