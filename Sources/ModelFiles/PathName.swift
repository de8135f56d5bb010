import Foundation

/// Paths as text, taken as they are: no library between expands a `~`, resolves a link or drops a character.
public enum PathName {
  /// The path of a file in a folder.
  public static func joined(_ folder: String, _ name: String) -> String {
    folder.isEmpty || folder.utf8.last == slash ? folder + name : folder + "/" + name
  }

  /// The folder that a path's last component lies in, `.` for a name alone.
  public static func folder(of path: String) -> String {
    guard let end = path.utf8.lastIndex(of: slash) else { return "." }
    return end == path.utf8.startIndex ? "/" : String(path[..<end])
  }

  /// The last component, without the slashes that may follow it.
  public static func last(of path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  /// A path that begins with `/` or `.`, so that no program takes it for an option, an address or a home directory.
  public static func explicit(_ path: String) -> String {
    path.hasPrefix("/") || path.hasPrefix("./") || path.hasPrefix("../") ? path : "./" + path
  }

  /// Where symbolic links lead to; the path itself where nothing is there.
  public static func resolved(_ path: String) -> String {
    guard let place = realpath(path, nil) else { return path }
    defer { free(place) }
    return String(validatingCString: place) ?? path
  }

  /// The path from the root, with `.`, `..` and doubled slashes taken out of the text; nil where the working directory
  /// is gone or its name is not UTF-8.
  public static func absolute(_ path: String) -> String? {
    var whole = path
    if !path.hasPrefix("/") {
      guard let working = getcwd(nil, 0) else { return nil }
      defer { free(working) }
      guard let place = String(validatingCString: working) else { return nil }
      whole = place + "/" + path
    }
    var parts: [Substring] = []
    for part in whole.split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    return "/" + parts.joined(separator: "/")
  }

  private static var slash: UInt8 { UInt8(ascii: "/") }
}
