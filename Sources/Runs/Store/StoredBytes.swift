import Foundation
import Trials

/// The bytes of a value: in memory, or in the store's file.
enum StoredBytes {
  case inMemory(Data)
  case inFile(LongValue)

  var count: Int {
    switch self {
    case .inMemory(let data): data.count
    case .inFile(let value): value.count
    }
  }

  func copy(from offset: Int, to buffer: UnsafeMutableRawBufferPointer) throws {
    switch self {
    case .inMemory(let data):
      let start = data.startIndex + offset
      data.copyBytes(to: buffer, from: start..<start + buffer.count)
    case .inFile(let value): try value.read(buffer, from: offset)
    }
  }
}

/// A value of a row that is to be stored and may be long.
struct StoringBytes {
  let column: String
  let content: any StoredColumns
  let count: Int

  init?(_ column: String, _ content: (any StoredColumns)?) {
    guard let content else { return nil }
    (self.column, self.content, count) = (column, content, content.byteCount)
  }

  /// Whether it is written into the row once that is there.
  var isLong: Bool { count >= LongValue.least }
}
