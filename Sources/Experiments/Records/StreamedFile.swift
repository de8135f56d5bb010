import Foundation
import GradientFlow

/// A file written piece by piece beside its final name and renamed when it is whole, so that no reader ever
/// sees half of it.
public final class StreamedFile {
  private let path: String
  private let temporary: String
  private let handle: UnsafeMutablePointer<FILE>
  private var buffer: [UInt8] = []
  private var finished = false

  /// - Throws: `ModelFileError` of kind `cannotWrite`.
  public init(path: String) throws(ModelFileError) {
    self.path = path
    temporary = path + ".\(ProcessInfo.processInfo.processIdentifier).tmp"
    guard let file = fopen(temporary, "w") else { throw Self.error(path) }
    handle = file
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
    guard fflush(handle) == 0, fsync(fileno(handle)) == 0 else { throw Self.error(path) }
    fclose(handle)
    finished = true
    let code = AtomicFile.publish(temporary, as: path)
    guard code == 0 else {
      unlink(temporary)
      errno = code
      throw Self.error(path)
    }
  }

  deinit {
    guard !finished else { return }
    fclose(handle)
    unlink(temporary)
  }

  private func flush() throws(ModelFileError) {
    let written = fwrite(buffer, 1, buffer.count, handle)
    guard written == buffer.count else { throw Self.error(path) }
    buffer.removeAll(keepingCapacity: true)
  }

  private static func error(_ path: String) -> ModelFileError {
    ModelFileError(
      .cannotWrite, file: path, found: String(cString: strerror(errno)),
      advice: "check the directory, its permissions and the space left on the disk")
  }
}
