import Experiments
import Foundation
import GradientFlow

/// The files of one figure that may be there already: NAME.gp, NAME.csv and images.
struct FigureFiles {
  /// Folder and name, without an extension.
  let base: String

  /// The first of them that is not this program's; nil if there is none.
  ///
  /// They are ours if NAME.gp is, which is written first; without it, if NAME.csv begins as the figure's table. Images
  /// of every format count: once there is a NAME.gp beside, nothing tells them from ours.
  func foreign(header: [String]) -> String? {
    let script = "\(base).gp"
    if exists(script) { return OwnFile.figureScript.isAt(script) ? nil : script }
    let table = RegularFile.beginning(of: "\(base).csv", limit: 1 << 12) ?? Data()
    if table.starts(with: (header.joined(separator: ",") + "\n").utf8) { return nil }
    return (["csv"] + ImageFormat.allCases.map(\.rawValue)).map { "\(base).\($0)" }.first(where: exists)
  }

  private func exists(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }
}
