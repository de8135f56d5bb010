import Experiments
import Foundation
import GradientFlow

/// The file of an experiment that is called by its name, as in `gradflow sweep decay`.
enum ExperimentFile {
  /// The file that is meant: a path as it is; of a name, NAME.yaml here or in `experiments`, here or as installed.
  static func path(of text: String) -> String {
    guard !text.contains("/"), !exists(text) else { return text }
    return folders.map { PathName.joined($0, "\(text).yaml") }.first(where: exists) ?? text
  }

  /// All names.
  static var names: [String] {
    folders.flatMap { folder in
      (FolderListing.names(folder) ?? []).filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }
    }.distinct
  }

  private static var folders: [String] { [".", "experiments"] + (installed.map { [$0] } ?? []) }

  /// PREFIX/share/gradflow/experiments of a program PREFIX/bin/gradflow.
  private static var installed: String? {
    Bundle.main.executableURL.map {
      $0.resolvingSymlinksInPath().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("share/gradflow/experiments").path
    }
  }

  private static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }
}
