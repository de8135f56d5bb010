/// A set of numbers of known value that belong together.
public struct ExactValueCheck: Sendable, Equatable {
  /// What is checked.
  public let name: String
  /// Where the values come from.
  public let source: String
  public let rows: [ExactValueRow]

  public init(name: String, source: String, rows: [ExactValueRow]) {
    self.name = name
    self.source = source
    self.rows = rows
  }

  /// Whether every row agrees; false without rows.
  public var passed: Bool { !rows.isEmpty && rows.allSatisfy(\.passed) }
}

/// Something that this package can find, and that is known from elsewhere: a file of `Checks`.
package protocol ExactValueSource: Sendable {
  var name: String { get }
  var source: String { get }
  /// Computes it from fixed random streams: the same digits every time.
  func rows(_ effort: ExactValues.Effort) async throws -> [ExactValueRow]
}
