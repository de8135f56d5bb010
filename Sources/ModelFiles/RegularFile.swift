import Foundation

/// Reading a small file of our own, which may turn out to be anything: nothing waits for a pipe's writer, and a device
/// is not read.
public enum RegularFile {
  /// The first bytes of a file, all if it has no more; nil where there is none, it cannot be read, or it is not a
  /// regular file.
  public static func beginning(of path: String, limit: Int = 1 << 20) -> Data? {
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    var data = Data(count: min(limit, max(0, Int(status.st_size))))
    var filled = 0
    while filled < data.count {
      let count = data.withUnsafeMutableBytes {
        read(descriptor, $0.baseAddress! + filled, $0.count - filled)
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { return nil }
      if count == 0 { break }
      filled += count
    }
    return data.prefix(filled)
  }
}
