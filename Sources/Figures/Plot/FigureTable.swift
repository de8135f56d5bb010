/// The data of a figure: rows of one set of columns in blocks, a block for each curve or layer.
///
/// As a CSV, blocks are separated by two blank lines: gnuplot reaches one by `skip 1 index N`, and
/// programs that skip blank lines read one table.
public struct FigureTable: Sendable, Equatable {
  /// The names in the header.
  public let columns: [String]
  /// Blocks of rows of fields, as in the file.
  private(set) var blocks: [[[Field]]] = []
  private var places: [String: Int]

  package init(columns: [String]) {
    self.columns = columns
    places = Dictionary(uniqueKeysWithValues: columns.enumerated().map { ($1, $0) })
  }

  /// Adds a block; nil for no rows, which would shift the index of later blocks.
  ///
  /// - Precondition: each row has a field for every column.
  package mutating func append(_ rows: [[Field]]) -> DataBlock? {
    if rows.isEmpty { return nil }
    precondition(rows.allSatisfy { $0.count == columns.count }, "a row has a field for each column")
    blocks.append(rows)
    return DataBlock(index: blocks.count - 1, rows: rows.count)
  }

  /// The first block whose rows begin with these fields.
  package func block(beginning fields: [Field]) -> DataBlock? {
    blocks.firstIndex { $0[0].starts(with: fields) }.map { DataBlock(index: $0, rows: blocks[$0].count) }
  }

  /// A column of a block.
  package func values(_ column: String, of block: DataBlock) -> [Double] {
    fields(column, of: block).map(\.value)
  }

  package func fields(_ column: String, of block: DataBlock) -> [Field] {
    let place = place(column)
    return blocks[block.index].map { $0[place] }
  }

  /// - Precondition: there is such a column.
  private func place(_ column: String) -> Int {
    guard let place = places[column] else { preconditionFailure("no column '\(column)'") }
    return place
  }

  /// The text of the file.
  public var csv: String {
    columns.joined(separator: ",") + "\n"
      + blocks.map { rows in rows.map { $0.map(\.csv).joined(separator: ",") + "\n" }.joined() }
      .joined(separator: "\n\n")
  }
}

/// A block of a figure's data, to be drawn.
package struct DataBlock: Sendable, Equatable {
  package let index, rows: Int
}
