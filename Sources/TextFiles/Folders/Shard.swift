import Foundation

/// One of n parts of a sweep, each run by its own process, anywhere.
public struct Shard: Sendable, Hashable, LosslessStringConvertible {
  /// The most parts.
  public static let countLimit = 100_000

  /// From 1 to ``count``.
  public let index: Int
  /// n.
  public let count: Int

  /// nil unless 1 ≤ index ≤ count ≤ ``countLimit``.
  public init?(index: Int, count: Int) {
    guard index >= 1, index <= count, count <= Self.countLimit else { return nil }
    self.index = index
    self.count = count
  }

  /// From `i/n`, as on the command line.
  public init?(_ text: String) { self.init(text, separator: "/") }

  /// From the name of a shard's directory.
  package init?(folder: String) { self.init(folder, separator: "-of-") }

  private init?(_ text: String, separator: String) {
    let parts = text.components(separatedBy: separator)
    guard parts.count == 2, let index = Int(parts[0]), let count = Int(parts[1]),
      parts[0] == "\(index)", parts[1] == "\(count)"
    else { return nil }
    self.init(index: index, count: count)
  }

  /// The name of its directory, which cannot contain a slash.
  package var folder: String { "\(index)-of-\(count)" }

  /// `i/n`.
  public var description: String { "\(index)/\(count)" }
}
