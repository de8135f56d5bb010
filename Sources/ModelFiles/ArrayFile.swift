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
  ///
  /// - Parameter encoded: its bytes in pieces, which are made before the file is begun.
  static func write(
    to path: String, _ encoded: @autoclosure () throws(ModelFileError) -> [[UInt8]]
  ) throws(ModelFileError) {
    let pieces = try ModelFileError.locating(file: path, try encoded())
    let file = try StagedFile(for: path)
    for piece in pieces { try file.write(piece) }
    try file.publish()
  }
}
