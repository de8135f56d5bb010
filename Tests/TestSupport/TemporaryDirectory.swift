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

  /// Writes a shell script that can be run as a program; returns its path.
  ///
  /// Another process writes it. A descriptor of this one could be held for a moment by a child that another test is
  /// starting, and a file that is open for writing cannot be run ("Text file busy").
  public func program(_ body: String, named name: String) throws -> String {
    let script = "printf '#!/bin/sh\\n%s\\n' \"$1\" > \"$0\"; chmod 755 \"$0\""
    _ = try Shell.run(script, [file(name), body])
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
