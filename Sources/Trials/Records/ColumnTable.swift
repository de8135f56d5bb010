/// Some of the columns of a source, with as many numbers each. NaN marks what does not exist.
public struct ColumnTable<Source: ColumnSource>: Sendable, Equatable {
  public typealias Column = Trials.Column<Source, Source.Entry>

  /// Numbers of a column.
  public private(set) var rows: Int
  public private(set) var columns: [Column: [Double]]

  /// - Precondition: every column has that many numbers.
  public init(rows: Int, columns: [Column: [Double]] = [:]) {
    precondition(columns.values.allSatisfy { $0.count == rows }, "a column has \(rows) numbers")
    self.rows = rows
    self.columns = columns
  }

  /// A number; nil where it does not exist.
  public subscript(column: Column, row: Int) -> Double? {
    guard let value = columns[column]?[row], !value.isNaN else { return nil }
    return value
  }

  /// A column without what does not exist.
  public func values(_ column: Column) -> [Double] { (columns[column] ?? []).filter { !$0.isNaN } }

  /// The table with some of its columns.
  public func only(_ kept: Set<Column>) -> ColumnTable {
    ColumnTable(rows: rows, columns: columns.filter { kept.contains($0.key) })
  }

  /// The table with some of its rows.
  public func only(rows kept: [Range<Int>]) -> ColumnTable {
    ColumnTable(
      rows: kept.reduce(0) { $0 + $1.count },
      columns: columns.mapValues { values in kept.flatMap { values[$0] } })
  }

  /// Appends rows. A column begins with the first rows that have it; what others lack is NaN.
  ///
  /// - Parameter values: that many numbers of a column; nil where there are none.
  mutating func append(_ count: Int, _ values: (Column) -> [Double]?) {
    for column in Source.columns {
      let found = values(column)
      precondition(found?.count ?? count == count, "a column has \(count) new numbers")
      if rows == 0 {
        // As it is, without a copy.
        columns[column] = found
        continue
      }
      if found == nil, columns[column] == nil { continue }
      columns[column, default: Array(repeating: .nan, count: rows)] +=
        found ?? Array(repeating: .nan, count: count)
    }
    rows += count
  }
}
