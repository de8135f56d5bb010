import Foundation
import GradientFlow
import TextFiles

/// The line of a script by which an edited one is known: the SHA-256 of all its other lines.
enum ScriptDigest {
  /// What there is at a script's place.
  enum Finding: Sendable, Equatable {
    case nothing
    /// As this program wrote it.
    case unchanged
    case edited
    /// Of a version that wrote no digests: nobody knows.
    case undigested
  }

  private static let key = "# Digest: "

  /// The script with its digest at the end of the comment it begins with.
  static func signed(_ script: String) -> String {
    var lines = script.split(separator: "\n", omittingEmptySubsequences: false)
    lines.removeAll { $0.hasPrefix(key) }
    let line = key + digest(of: lines)
    lines.insert(Substring(line), at: lines.firstIndex { !$0.hasPrefix("#") } ?? 0)
    return lines.joined(separator: "\n")
  }

  /// What is at a path.
  static func finding(at path: String) -> Finding {
    var status = stat()
    guard lstat(path, &status) == 0 else { return .nothing }
    guard let bytes = RegularFile.beginning(of: path, limit: .max),
      let script = String(validating: bytes, as: UTF8.self)
    else { return .edited }
    return finding(in: script)
  }

  static func finding(in script: String) -> Finding {
    let lines = script.split(separator: "\n", omittingEmptySubsequences: false)
    let stated = lines.filter { $0.hasPrefix(key) }
    if stated.isEmpty { return .undigested }
    return stated == [Substring(key + digest(of: lines.filter { !$0.hasPrefix(key) }))] ? .unchanged : .edited
  }

  private static func digest(of lines: [Substring]) -> String {
    SHA256.hash(Array(lines.joined(separator: "\n").utf8)).hexadecimal
  }
}

/// A script that is not replaced, because somebody has edited it, or may have.
public struct KeptScript: Sendable, Equatable {
  public let path: String
  /// Whether it was edited for certain; a version without digests leaves that open.
  public let isEdited: Bool

  /// In words.
  ///
  /// - Parameter file: the figure that is written instead.
  public func sentence(besides file: String) -> String {
    let name = PathName.last(of: file)
    return isEdited
      ? "\(path) was edited and is kept; the new figure is \(name)"
      : "\(path) is kept, since an older version wrote it and it may have been edited; the new figure is \(name)"
  }
}
