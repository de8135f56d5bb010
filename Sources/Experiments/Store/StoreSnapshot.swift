import Foundation

/// A copy of a store as of one moment, taken without locks while another process, perhaps on another machine, writes.
///
/// The store is a database file and a write-ahead log. Pages move from the log into the file only by a checkpoint, and
/// the log starts again, with another salt in its header, only at the first write after one. So a copy of the file
/// followed by a copy of the log is whole if the salt is the one it was before: whatever a checkpoint changed in the
/// file meanwhile stands in the copied log too, and SQLite drops a last transaction that was cut off by its checksum
/// (sqlite.org/fileformat.html, section 4).
final class StoreSnapshot: Sendable {
  /// The copy of the database.
  let path: String
  private let folder: String

  /// Whether a store is not closed: it is being written, or its writer was killed.
  static func isNeeded(_ store: String) -> Bool {
    companions.contains { size(store + $0) > 0 } || isInLogMode(store)
  }

  /// - Throws: ``RunError/store(path:problem:)``.
  init(of store: String) throws(RunError) {
    folder = NSTemporaryDirectory() + "gradflow-\(UUID().uuidString)"
    path = folder + "/trials.sqlite"
    guard mkdir(folder, 0o700) == 0 else {
      throw .store(
        path: store,
        problem: "cannot be copied to \(folder) (\(String(cString: strerror(errno)))); set TMPDIR")
    }
    for attempt in 0..<20 {
      if attempt > 0 { usleep(50_000) }
      let before = Self.salt(store + "-wal")
      for part in [""] + Self.companions {
        let code = Self.copy(store + part, to: path + part)
        guard code == 0 || (code == ENOENT && !part.isEmpty) else {
          Self.remove(folder)
          throw .store(
            path: store,
            problem: "cannot be copied to \(folder) (\(String(cString: strerror(code)))); set TMPDIR")
        }
      }
      if Self.salt(path + "-wal") == before { return }
    }
    Self.remove(folder)
    throw .store(path: store, problem: "is being written too fast for a consistent copy; try again")
  }

  deinit { Self.remove(folder) }

  /// The log, and the journal of a store that was being closed.
  private static let companions = ["-wal", "-journal"]

  private static func remove(_ folder: String) {
    try? FileManager.default.removeItem(atPath: folder)
  }

  private static func size(_ path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : 0
  }

  /// Byte 18 of the header: 2 where a log belongs to the file, also an empty one.
  private static func isInLogMode(_ store: String) -> Bool {
    guard let handle = FileHandle(forReadingAtPath: store) else { return false }
    defer { try? handle.close() }
    guard let header = try? handle.read(upToCount: 19), header.count == 19 else { return false }
    return header[18] == 2
  }

  /// Bytes 16…23 of a log's header; nil where there is no log.
  private static func salt(_ path: String) -> Data? {
    guard let handle = FileHandle(forReadingAtPath: path) else { return nil }
    defer { try? handle.close() }
    guard let header = try? handle.read(upToCount: 24), header.count == 24 else { return nil }
    return header.suffix(8)
  }

  /// - Returns: 0 or the error number.
  private static func copy(_ source: String, to target: String) -> Int32 {
    unlink(target)
    let input = open(source, O_RDONLY | O_CLOEXEC)
    guard input >= 0 else { return errno }
    defer { close(input) }
    let output = open(target, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard output >= 0 else { return errno }
    defer { close(output) }
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = read(input, &buffer, buffer.count)
      if count == 0 { return 0 }
      if count < 0 {
        if errno == EINTR { continue }
        return errno
      }
      var written = 0
      while written < count {
        let accepted = buffer.withUnsafeBytes {
          write(output, $0.baseAddress! + written, count - written)
        }
        if accepted < 0 && errno == EINTR { continue }
        if accepted <= 0 { return accepted < 0 ? errno : EIO }
        written += accepted
      }
    }
  }
}
