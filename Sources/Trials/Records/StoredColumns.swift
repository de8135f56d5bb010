import Foundation

/// Numbers in the store's form: column after column, little-endian doubles. In NumPy,
/// `frombuffer(bytes, "<f8").reshape(len(columns), rows)`.
public protocol StoredColumns {
  /// How many numbers a column has.
  var rows: Int { get }
  /// Names of the columns present, in declaration order, separated by commas.
  var columnList: String { get }
  /// How many bytes they are.
  var byteCount: Int { get }
  /// Gives the bytes, one piece after the other, without a copy of them all.
  func forEachPiece(_ body: (UnsafeRawBufferPointer) throws -> Void) rethrows
}

extension StoredColumns {
  /// The bytes.
  public var blob: Data {
    var data = Data(capacity: byteCount)
    forEachPiece { data.append(contentsOf: $0) }
    return data
  }

  /// The same as a list.
  package var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(byteCount)
    forEachPiece { bytes.append(contentsOf: $0) }
    return bytes
  }
}

extension ColumnTable: StoredColumns {
  private var present: [Column] {
    @specialized(where Source == StepDiagnosis)
    get { Source.columns.filter { columns[$0] != nil } }
  }

  public var columnList: String { present.map { $0.name }.joined(separator: ",") }
  public var byteCount: Int { columns.count * rows * 8 }

  public func forEachPiece(_ body: (UnsafeRawBufferPointer) throws -> Void) rethrows {
    for column in present { try columns[column]?.withLittleEndianBytes(body) }
  }

  /// Reads the store's form back; nil if it does not fit together.
  public init?(rows: Int, columnList: String, blob: Data) {
    self.init(rows: rows, columnList: columnList, byteCount: blob.count) { offset, buffer in
      blob.copyBytes(to: buffer, from: blob.startIndex + offset..<blob.startIndex + offset + buffer.count)
    }
  }

  /// The same of bytes that lie elsewhere.
  ///
  /// - Parameters:
  ///   - kept: the columns to keep; nil: all. All of them are read.
  ///   - read: fills a buffer with the bytes from an offset on; called from the first byte to the last.
  public init?(
    rows: Int, columnList: String, byteCount: Int, keeping kept: Set<Column>? = nil,
    read: (_ offset: Int, UnsafeMutableRawBufferPointer) throws -> Void
  ) rethrows {
    guard
      let tables = try Self.tables(
        of: [rows], columnList: columnList, byteCount: byteCount, keeping: kept, read: read)
    else { return nil }
    self = tables[0]
  }

  /// Tables that lie one below the other in the store's form of ``StackedTables``; nil if it does not fit together.
  ///
  /// - Parameter rows: of each table.
  @specialized(where Source == StepDiagnosis)
  public static func tables(
    of rows: [Int], columnList: String, byteCount: Int, keeping kept: Set<Column>? = nil,
    read: (_ offset: Int, UnsafeMutableRawBufferPointer) throws -> Void
  ) rethrows -> [ColumnTable]? {
    guard let known = columns(named: columnList) else { return nil }
    // Counts are bounded by the bytes before anything is computed from them.
    guard rows.allSatisfy({ (0...byteCount / 8).contains($0) || ($0 == 0 && byteCount == 0) }) else {
      return nil
    }
    let total = rows.reduce(0) { $0.addingReportingOverflow($1).overflow ? .max : $0 + $1 }
    guard (0...byteCount / 8).contains(total) || (total == 0 && byteCount == 0),
      byteCount == known.count * total * 8
    else { return nil }
    var found: [[Column: [Double]]] = rows.map { _ in [:] }
    var offset = 0
    for column in known {
      for (k, count) in rows.enumerated() {
        let values = try [Double](littleEndian: count) { try read(offset, $0) }
        offset += 8 * count
        if kept?.contains(column) ?? true { found[k][column] = values }
      }
    }
    return zip(rows, found).map { ColumnTable(rows: $0, columns: $1) }
  }

  /// The columns of a list of names; nil where one is unknown or stands there twice.
  @specialized(where Source == StepDiagnosis)
  private static func columns(named list: String) -> [Column]? {
    let all = Source.columns
    var found: [Column] = []
    var taken: Set<Int> = []
    var next = 0
    for name in list.split(separator: ",") {
      // Lists are in the order of declaration: it is one of those that follow.
      guard
        let k = all[next...].firstIndex(where: { $0.name == name })
          ?? all[..<next].firstIndex(where: { $0.name == name }), taken.insert(k).inserted
      else { return nil }
      found.append(all[k])
      next = k + 1
    }
    return found
  }

  /// Without the columns that have no number.
  package var withoutEmptyColumns: ColumnTable {
    ColumnTable(rows: rows, columns: columns.filter { !$0.value.allSatisfy(\.isNaN) })
  }
}

/// Tables one below the other, in the store's form as one: a column that one of them has is NaN in the others.
public struct StackedTables<Source: ColumnSource>: StoredColumns {
  private let tables: [ColumnTable<Source>]

  public init(_ tables: [ColumnTable<Source>]) { self.tables = tables }

  private var present: [Column<Source, Source.Entry>] {
    Source.columns.filter { column in tables.contains { $0.columns[column] != nil } }
  }

  public var rows: Int { tables.reduce(0) { $0 + $1.rows } }
  public var columnList: String { present.map { $0.name }.joined(separator: ",") }
  public var byteCount: Int { present.count * rows * 8 }

  public func forEachPiece(_ body: (UnsafeRawBufferPointer) throws -> Void) rethrows {
    for column in present {
      for table in tables {
        let values = table.columns[column] ?? Array(repeating: .nan, count: table.rows)
        try values.withLittleEndianBytes(body)
      }
    }
  }
}

extension [Double] {
  fileprivate func withLittleEndianBytes(_ body: (UnsafeRawBufferPointer) throws -> Void) rethrows {
    #if _endian(little)
      try withUnsafeBytes(body)
    #else
      try map { $0.bitPattern.littleEndian }.withUnsafeBytes(body)
    #endif
  }

  /// From little-endian bytes that are written into a buffer.
  fileprivate init(
    littleEndian count: Int, _ write: (UnsafeMutableRawBufferPointer) throws -> Void
  ) rethrows {
    try self.init(unsafeUninitializedCapacity: count) { buffer, filled in
      try write(UnsafeMutableRawBufferPointer(buffer))
      #if !_endian(little)
        for k in 0..<count { buffer[k] = Double(bitPattern: UInt64(littleEndian: buffer[k].bitPattern)) }
      #endif
      filled = count
    }
  }
}
