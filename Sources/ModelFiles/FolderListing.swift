import Foundation

/// The names in a folder.
public enum FolderListing {
  /// Every name but `.` and `..`, sorted; one that is not UTF-8 with its bytes replaced. nil where the folder cannot be
  /// read.
  public static func names(_ path: String) -> [String]? { try? read(path) }

  /// The same, with the system's reason where the folder cannot be read.
  package static func read(_ path: String) throws(SystemFailure) -> [String] {
    var opened = opendir(path)
    while opened == nil, errno == EINTR { opened = opendir(path) }
    guard let folder = opened else { throw .last }
    defer { closedir(folder) }
    var names: [String] = []
    while true {
      errno = 0
      guard let entry = readdir(folder) else {
        if errno != 0 { throw .last }
        return names.sorted()
      }
      let name = withUnsafePointer(to: &entry.pointee.d_name) { field in
        field.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: field.pointee)) {
          String(cString: $0)
        }
      }
      if name != ".", name != ".." { names.append(name) }
    }
  }
}
