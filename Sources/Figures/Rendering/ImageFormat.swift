/// The image files that figures are rendered to.
public enum ImageFormat: String, Sendable, CaseIterable {
  /// For the web and for editing; the same bytes for the same data.
  case svg
  /// For slides and previews; the same bytes for the same data.
  case png
  /// For papers; the same bytes for the same data, since its creation date is taken out.
  case pdf
}
