/// The text below a figure: everything needed to read it.
public struct FigureCaption: Sendable {
  /// The parts, to be set apart by dots; in markup, as the warning.
  public internal(set) var parts: [String]
  /// A warning shown above the panels; nil if none is needed.
  public let warning: String?

  package init(parts: [String], warning: String? = nil) { (self.parts, self.warning) = (parts, warning) }
}
