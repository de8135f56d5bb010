/// A file of arrays, which is read whole.
public protocol ArrayFile: Sendable {
  /// Reads and validates a file's bytes.
  ///
  /// - Throws: `ModelFileError` of kind `malformed` or `unsupported`.
  init(bytes: [UInt8]) throws(ModelFileError)
}

extension ArrayFile {
  /// Reads and validates a file.
  ///
  /// - Throws: `ModelFileError` of kind `missing`, `unreadable` or `refused` for the path, else as ``init(bytes:)``.
  public init(contentsOf path: String) throws(ModelFileError) {
    let bytes = try InputFile.bytes(at: path)
    self = try ModelFileError.locating(file: path, try Self(bytes: bytes))
  }

  /// Writes a file, atomically.
  static func write(
    to path: String, _ encoded: @autoclosure () throws(ModelFileError) -> [UInt8]
  ) throws(ModelFileError) {
    try AtomicFile.write(ModelFileError.locating(file: path, try encoded()), to: path)
  }
}
