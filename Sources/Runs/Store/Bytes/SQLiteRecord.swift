import Foundation
import GRDB

/// The header of a row in SQLite's record format: how long it is, and of which type each value is.
///
/// - Note: Source: sqlite.org/fileformat.html, section 2.1.
struct SQLiteRecordHeader: Equatable {
  /// Bytes of the header itself.
  package let length: Int
  /// Serial types of the values, in the order of the table's columns.
  package let types: [Int]
  /// Bytes of header and values.
  package let size: Int

  /// The most values in a row searched for.
  private static let valueLimit = 200
  /// The most bytes of a row: SQLite's own limit is 10⁹.
  private static let sizeLimit = 1 << 30

  /// Reads a header that begins at a place; nil if there is none.
  ///
  /// - Complexity: O(values).
  package init?(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) {
    var place = start
    guard let length = SQLiteInteger.read(bytes, &place), length >= 2, length <= bytes.count - start else {
      return nil
    }
    var types: [Int] = []
    var size = length
    while place < start + length {
      guard let type = SQLiteInteger.read(bytes, &place), type != 10, type != 11,
        types.count < Self.valueLimit
      else { return nil }
      types.append(type)
      size += Self.byteCount(of: type)
      guard size <= Self.sizeLimit else { return nil }
    }
    guard place == start + length else { return nil }
    self.length = length
    self.types = types
    self.size = size
  }

  /// Bytes of a value.
  private static func byteCount(of type: Int) -> Int {
    type < 12 ? [0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0][type] : (type - 12) / 2
  }

  /// The values of a row.
  ///
  /// - Parameter row: header and values, ``size`` bytes.
  package func values(of row: [UInt8]) -> [DatabaseValue] {
    var place = length
    return types.map { type in
      let end = place + Self.byteCount(of: type)
      defer { place = end }
      let bytes = row[place..<end]
      switch type {
      case 0: return .null
      case 8: return 0.databaseValue
      case 9: return 1.databaseValue
      case 1...6:
        let first = Int64(Int8(bitPattern: bytes[place]))
        return bytes.dropFirst().reduce(first) { $0 << 8 | Int64($1) }.databaseValue
      case 7:
        return Double(bitPattern: bytes.reduce(0) { $0 << 8 | UInt64($1) }).databaseValue
      default:
        return type.isMultiple(of: 2)
          ? Data(bytes).databaseValue : String(decoding: bytes, as: UTF8.self).databaseValue
      }
    }
  }
}

/// SQLite's integers of one to nine bytes, seven bits each, the highest first; the ninth has eight.
enum SQLiteInteger {
  /// Reads a nonnegative one; nil at the end of the bytes or beyond an `Int`.
  package static func read(_ bytes: UnsafeBufferPointer<UInt8>, _ place: inout Int) -> Int? {
    var value: UInt64 = 0
    for k in 0..<9 {
      guard place < bytes.count else { return nil }
      let byte = bytes[place]
      place += 1
      if k == 8 {
        value = value << 8 | UInt64(byte)
      } else {
        value = value << 7 | UInt64(byte & 0x7F)
        if byte >= 0x80 { continue }
      }
      break
    }
    return Int(exactly: value)
  }

  /// The bytes of one that is below 2⁵⁶.
  package static func bytes(_ value: Int) -> [UInt8] {
    var groups = [UInt8(value & 0x7F)]
    var rest = value >> 7
    while rest > 0 {
      groups.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    return groups.reversed()
  }
}
