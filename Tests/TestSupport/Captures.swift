import Foundation

/// Captures of small PyTorch programs that ship with the tests; `Tests/Captures/make_captures.py` wrote them.
public enum Captures {
  /// `Tests/Captures`.
  public static let directory = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Captures").path

  /// The folder of a capture.
  public static func path(_ name: String) -> String { directory + "/" + name }
}
