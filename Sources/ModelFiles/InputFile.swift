import Foundation

/// Reading the whole of a regular file into memory.
enum InputFile {
  /// The largest file read: 4 GiB, also the limit of a zip archive without zip64.
  static let maximumSize = 1 << 32

  static func bytes(at path: String) throws(ModelFileError) -> [UInt8] {
    func located<Value>(_ body: () throws(SystemFailure) -> Value) throws(ModelFileError) -> Value {
      do { return try body() } catch {
        guard error.code == ENOENT || error.code == ENOTDIR else {
          throw ModelFileError(cannotRead: path, error)
        }
        throw ModelFileError(
          .missing, file: path, found: "no such file", advice: "give the path of an existing file")
      }
    }
    let file = try located { () throws(SystemFailure) in try OpenFile(path) }
    let status = try located(file.status)
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR:
      throw ModelFileError(
        .unreadable, file: path, found: "a directory", advice: "give the path of a file in it")
    default:
      throw ModelFileError(
        .unreadable, file: path, found: "a device, pipe or socket",
        advice: "give the path of a regular file")
    }
    guard let size = Int(exactly: status.st_size), size <= maximumSize else {
      throw ModelFileError(
        .unsupported, file: path, found: "\(status.st_size) bytes",
        advice: "files up to \(maximumSize) bytes are read")
    }
    return try located { () throws(SystemFailure) in try file.bytes(size) }
  }
}
