import GradientFlow

/// A file written piece by piece beside its final name and renamed when it is whole, so that no reader ever
/// sees half of it.
public final class StreamedFile {
  private let file: StagedFile
  private var buffer: [UInt8] = []

  /// - Throws: `ModelFileError` of kind `cannotWrite`.
  public init(path: String) throws(ModelFileError) {
    file = try StagedFile(for: path)
    buffer.reserveCapacity(1 << 17)
  }

  /// Appends text.
  public func write(_ text: String) throws(ModelFileError) {
    buffer.append(contentsOf: text.utf8)
    if buffer.count > 1 << 16 { try flush() }
  }

  /// Writes what is left, makes it durable and gives the file its name.
  public func finish() throws(ModelFileError) {
    try flush()
    try file.publish()
  }

  private func flush() throws(ModelFileError) {
    try file.write(buffer)
    buffer.removeAll(keepingCapacity: true)
  }
}
