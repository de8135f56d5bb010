import Foundation
import ModelFiles

/// The archives that `Tests/Archives/make_archives.py` made with NumPy, all with the same arrays.
enum NumPyArchive: String, CaseIterable {
  case stored, deflated, streamed, wide

  var path: String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Archives/\(rawValue).npz").path
  }

  func bytes() throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: path))) }
}
