import Experiments

/// The data of a figure: rows of one set of columns in blocks, a block for each curve or layer.
///
/// As a CSV, blocks are separated by two blank lines: gnuplot reaches one by `skip 1 index N`, and
/// programs that skip blank lines read one table.
public struct FigureTable: Sendable, Equatable {
  /// The names in the header.
  public let columns: [String]
  /// Blocks of rows of fields, as in the file.
  public private(set) var blocks: [[[String]]] = []

  public init(columns: [String]) { self.columns = columns }

  /// Adds a block.
  ///
  /// - Precondition: there is a row, and each has a field for every column.
  /// - Returns: the block's index.
  public mutating func append(_ rows: [[String]]) -> Int {
    precondition(!rows.isEmpty, "an empty block would shift the index of the later ones")
    precondition(rows.allSatisfy { $0.count == columns.count }, "a row has a field for each column")
    blocks.append(rows)
    return blocks.count - 1
  }

  /// The text of the file.
  public var csv: String {
    columns.joined(separator: ",") + "\n"
      + blocks.map { rows in rows.map { $0.joined(separator: ",") + "\n" }.joined() }
      .joined(separator: "\n\n")
  }
}

/// A block of a figure's data, to be drawn.
struct DataBlock {
  let index, rows: Int

  /// Some of its columns as a plot command names them.
  func using(_ columns: String) -> String { "data skip 1 index \(index) using \(columns)" }
}
