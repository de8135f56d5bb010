import Foundation

/// Reading a small file of our own, which may turn out to be anything: a device is not read.
public enum RegularFile {
  /// The first bytes of a file, all if it has no more; nil where there is none, it cannot be read, or it is not a
  /// regular file.
  public static func beginning(of path: String, limit: Int = 1 << 20) -> Data? {
    guard let file = try? OpenFile(path), let status = try? file.status(),
      status.st_mode & S_IFMT == S_IFREG
    else { return nil }
    return (try? file.bytes(min(limit, max(0, Int(status.st_size))))).map { Data($0) }
  }
}
