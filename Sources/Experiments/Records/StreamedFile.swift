import Foundation
import GradientFlow

/// A file written piece by piece beside its final name and renamed when it is whole, so that no reader ever
/// sees half of it.
public final class StreamedFile {
  private let path: String
  private let temporary: String
  private let descriptor: Int32
  private var buffer: [UInt8] = []
  /// Whether the descriptor is still open, and the file has its name.
  private var isOpen = true
  private var isNamed = false

  /// - Throws: `ModelFileError` of kind `cannotWrite`.
  public init(path: String) throws(ModelFileError) {
    self.path = path
    let temporary = path + ".\(ProcessInfo.processInfo.processIdentifier).tmp"
    self.temporary = temporary
    descriptor = uninterrupted { open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666) }
    guard descriptor >= 0 else { throw ModelFileError(cannotWrite: path, .last) }
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
    var code = SystemCalls.sync(descriptor)
    isOpen = false
    let closed = SystemCalls.close(descriptor)
    if code == 0 { code = closed }
    if code == 0 { code = AtomicFile.publish(temporary, as: path) }
    guard code == 0 else { throw ModelFileError(cannotWrite: path, SystemFailure(code)) }
    isNamed = true
  }

  deinit {
    if isOpen { SystemCalls.close(descriptor) }
    if !isNamed { unlink(temporary) }
  }

  private func flush() throws(ModelFileError) {
    let code = buffer.withUnsafeBytes { SystemCalls.write($0, to: descriptor) }
    guard code == 0 else { throw ModelFileError(cannotWrite: path, SystemFailure(code)) }
    buffer.removeAll(keepingCapacity: true)
  }
}
