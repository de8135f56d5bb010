import Foundation
import GradientFlow
import TextFiles

/// The file of a page.
public enum TextViewFile {
  /// What every page of a text has near its beginning.
  private static let sign = "What a recurrent network does on a text: one file"

  /// Refuses to replace a file that is no page of a text.
  ///
  /// - Throws: `RunError`.
  public static func check(_ path: String) throws(RunError) {
    guard FileManager.default.fileExists(atPath: path) else { return }
    let beginning = RegularFile.beginning(of: path, limit: 1 << 14).map {
      String(decoding: $0, as: UTF8.self)
    }
    guard beginning?.contains(sign) == true else { throw .foreignFile(path: path) }
  }

  /// Writes a page whole, or nothing.
  ///
  /// - Throws: `RunError`.
  public static func write(_ page: String, to path: String) throws(RunError) {
    try WrittenText.write(page, to: path)
  }
}
