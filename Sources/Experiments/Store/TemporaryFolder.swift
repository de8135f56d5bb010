import Foundation
import GradientFlow

/// A folder for copies, which is removed with the object, and by the next one made after a process was killed.
final class TemporaryFolder: Sendable {
  let path: String
  private let descriptor: Int32

  private static let prefix = "gradflow-copy-"

  /// - Throws: ``RunError/cannotCopy(path:folder:problem:)``.
  init(for store: String) throws(RunError) {
    Self.removeAbandoned()
    path = NSTemporaryDirectory() + Self.prefix + UUID().uuidString
    guard uninterrupted({ [path] in mkdir(path, 0o700) }) == 0 else {
      throw .cannotCopy(path: store, folder: path, problem: String(cString: strerror(errno)))
    }
    descriptor = uninterrupted { [path] in open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    if descriptor >= 0 { flock(descriptor, LOCK_SH | LOCK_NB) }
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
    if descriptor >= 0 { close(descriptor) }
  }

  /// Folders that nobody holds any more, and that were not made just now.
  private static func removeAbandoned() {
    let place = NSTemporaryDirectory()
    for name in (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
    where name.hasPrefix(prefix) {
      let folder = open(place + name, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
      guard folder >= 0 else { continue }
      defer { close(folder) }
      var status = stat()
      guard fstat(folder, &status) == 0, time(nil) - Int(status.secondsOfChange) > 60,
        flock(folder, LOCK_EX | LOCK_NB) == 0
      else { continue }
      try? FileManager.default.removeItem(atPath: place + name)
    }
  }
}

extension stat {
  /// When the file's entry was last changed, in seconds.
  fileprivate var secondsOfChange: Int {
    #if os(Linux)
      return st_ctim.tv_sec
    #else
      return st_ctimespec.tv_sec
    #endif
  }
}
