/// A column of a table, described once: its name, what it means, and how it is read from what is measured.
///
/// Columns of one name are equal: there is one of each name in a table.
public struct Column<Source, Value>: Sendable {
  /// In the header.
  public let name: String
  /// What it means, with its unit.
  public let summary: String
  /// Reads it.
  package let value: @Sendable (Source) -> Value

  package init(_ name: String, _ summary: String, _ value: @escaping @Sendable (Source) -> Value) {
    (self.name, self.summary, self.value) = (name, summary, value)
  }
}

extension Column: Hashable {
  public static func == (a: Column, b: Column) -> Bool { a.name == b.name }
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

/// What the columns of a ``ColumnTable`` are read from.
public protocol ColumnSource: Sendable {
  /// What a column takes from one source: a number, or a series of them.
  associatedtype Entry
  /// All columns there are, in the order of the store and the CSV; new ones go at the end.
  static var columns: [Column<Self, Entry>] { get }
}
