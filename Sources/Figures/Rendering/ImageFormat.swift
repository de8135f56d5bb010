/// The image files that figures are rendered to.
public enum ImageFormat: String, Sendable, CaseIterable {
  /// For the web and for editing; the same bytes for the same data.
  case svg
  /// For slides and previews; the same bytes for the same data.
  case png
  /// For papers. Holds its creation date, so its bytes differ from time to time.
  case pdf
}
