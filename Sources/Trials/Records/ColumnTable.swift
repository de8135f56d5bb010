import Foundation

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
      if found == nil, columns[column] == nil { continue }
      columns[column, default: Array(repeating: .nan, count: rows)] +=
        found ?? Array(repeating: .nan, count: count)
    }
    rows += count
  }

  /// Appends the rows of another table.
  package mutating func append(_ other: ColumnTable) { append(other.rows) { other.columns[$0] } }

  /// Some rows as a table of their own, with the columns that have a number there.
  package func rows(_ range: Range<Int>) -> ColumnTable {
    let found = columns.mapValues { Array($0[range]) }
    return ColumnTable(rows: range.count, columns: found.filter { !$0.value.allSatisfy(\.isNaN) })
  }

  // MARK: - The store's form

  /// Names of the columns present, in declaration order, separated by commas.
  public var columnList: String {
    Source.columns.filter { columns[$0] != nil }.map { $0.name }.joined(separator: ",")
  }

  /// Column after column, little-endian doubles: in NumPy, `frombuffer(blob, "<f8").reshape(len(columns), rows)`.
  public var blob: Data {
    var data = Data(capacity: columns.count * rows * 8)
    for column in Source.columns {
      guard let values = columns[column] else { continue }
      #if _endian(little)
        values.withUnsafeBytes { data.append(contentsOf: $0) }
      #else
        values.map { $0.bitPattern.littleEndian }.withUnsafeBytes { data.append(contentsOf: $0) }
      #endif
    }
    return data
  }

  /// Reads the store's form back; nil if it does not fit together.
  public init?(rows: Int, columnList: String, blob: Data) {
    let names = columnList.split(separator: ",")
    let known = names.compactMap { name in Source.columns.first { $0.name == name } }
    // The count is bounded by the bytes before anything is computed from it.
    guard (0...blob.count / 8).contains(rows) || (rows == 0 && blob.isEmpty), known.count == names.count,
      blob.count == names.count * rows * 8
    else { return nil }
    var columns: [Column: [Double]] = [:]
    columns.reserveCapacity(known.count)
    blob.withUnsafeBytes { raw in
      for (k, column) in known.enumerated() {
        let bytes = UnsafeRawBufferPointer(rebasing: raw[k * rows * 8..<(k + 1) * rows * 8])
        columns[column] = [Double](unsafeUninitializedCapacity: rows) { values, count in
          UnsafeMutableRawBufferPointer(values).copyMemory(from: bytes)
          #if _endian(big)
            for row in 0..<rows {
              values[row] = Double(bitPattern: UInt64(littleEndian: values[row].bitPattern))
            }
          #endif
          count = rows
        }
      }
    }
    guard columns.count == known.count else { return nil }
    self.rows = rows
    self.columns = columns
  }
}
