import Foundation

/// Reading the whole of a regular file into memory.
enum InputFile {
  /// The largest file read: 4 GiB, also the limit of a zip archive without zip64.
  static let maximumSize = 1 << 32

  static func bytes(at path: String) throws(ModelFileError) -> [UInt8] {
    // Without O_NONBLOCK, opening a named pipe waits for a writer.
    let descriptor = uninterrupted { open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
    guard descriptor >= 0 else { throw openFailure(path, errno) }
    defer { SystemCalls.close(descriptor) }
    let size = try regularFileSize(descriptor, path)

    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
      let raw = UnsafeMutableRawBufferPointer(buffer)
      filled = 0
      while filled < size {
        let rest = UnsafeMutableRawBufferPointer(rebasing: raw[filled..<size])
        let received = uninterrupted { read(descriptor, rest.baseAddress, rest.count) }
        if received < 0 { failure = errno }
        if received <= 0 { break }
        filled += received
      }
    }
    guard failure == 0 else { throw unreadable(path, failure) }
    return bytes
  }

  private static func regularFileSize(
    _ descriptor: Int32, _ path: String
  ) throws(ModelFileError) -> Int {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw unreadable(path, errno) }
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
    return size
  }

  private static func openFailure(_ path: String, _ code: Int32) -> ModelFileError {
    guard code == ENOENT || code == ENOTDIR else { return unreadable(path, code) }
    return ModelFileError(
      .missing, file: path, found: "no such file", advice: "give the path of an existing file")
  }

  private static func unreadable(_ path: String, _ code: Int32) -> ModelFileError {
    ModelFileError(cannotRead: path, SystemFailure(code))
  }
}
