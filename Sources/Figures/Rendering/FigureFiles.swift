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

  /// Where a figure of this name is written: here, or where the script was edited under the first free name of NAME-new,
  /// NAME-new-2…
  ///
  /// - Throws: ``FigureError/foreign(path:script:)`` where a file of this name is not this program's.
  static func place(of name: String, in directory: String, header: [String]) throws -> (
    name: String, kept: KeptScript?
  ) {
    let files = FigureFiles(base: PathName.joined(directory, name))
    if let file = files.foreign(header: header) {
      throw FigureError.foreign(path: file, script: "\(name).gp")
    }
    let finding = files.script
    if finding == .nothing || finding == .unchanged { return (name, nil) }
    var (other, number) = ("\(name)-new", 1)
    while true {
      let files = FigureFiles(base: PathName.joined(directory, other))
      let isFree = files.script == .nothing || files.script == .unchanged
      if isFree, files.foreign(header: header) == nil { break }
      number += 1
      other = "\(name)-new-\(number)"
    }
    return (other, KeptScript(path: "\(files.base).gp", isEdited: finding == .edited))
  }

  private var script: ScriptDigest.Finding { ScriptDigest.finding(at: "\(base).gp") }

  private func exists(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }
}
