import Foundation

/// A fresh directory that is removed when the object goes.
public final class TemporaryDirectory: Sendable {
  public let path: String

  public init() throws {
    path = NSTemporaryDirectory() + "gradflow-test-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of a file in it.
  public func file(_ name: String) -> String { path + "/" + name }

  /// Writes a text file; returns its path.
  public func write(_ text: String, to name: String) throws -> String {
    try text.write(toFile: file(name), atomically: true, encoding: .utf8)
    return file(name)
  }

  /// Writes a file of bytes; returns its path.
  @discardableResult
  public func write(_ bytes: [UInt8], to name: String) -> String {
    guard let stream = fopen(file(name), "w") else { return file(name) }
    _ = fwrite(bytes, 1, bytes.count, stream)
    fclose(stream)
    return file(name)
  }

  /// A text file's contents.
  public func read(_ name: String) throws -> String {
    try String(contentsOfFile: file(name), encoding: .utf8)
  }

  /// The names of what is in it.
  public func contents() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path).sorted()
  }
}
