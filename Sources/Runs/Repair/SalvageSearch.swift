import Trials

/// Finds rows of a store by what their headers look like, wherever they lie: neither the tree of pages nor the header
/// of the file has to be whole.
struct SalvageSearch {
  /// A row that may be one.
  struct Find {
    package let file: SalvageFile
    /// Where its header begins.
    package let offset: Int
    package let header: SQLiteRecordHeader
  }

  package private(set) var trials: [Find] = []
  /// Rows of `sessions` with their numbers.
  package private(set) var sessions: [(number: Int64, find: Find)] = []

  /// Bytes looked at together, with what may lie before and after a place in them.
  private static let piece = 1 << 20, before = 32, after = 1 << 10

  /// - Complexity: O(bytes).
  package init(_ files: [SalvageFile]) {
    for file in files {
      for first in stride(from: 0, to: file.size, by: Self.piece) {
        let start = max(0, first - Self.before)
        let bytes = file.bytes(at: start, count: first - start + Self.piece + Self.after)
        let places = first - start..<min(first - start + Self.piece, bytes.count)
        bytes.withUnsafeBufferPointer { search($0, places, from: start, in: file) }
      }
    }
  }

  /// The serial type of a text of so many bytes.
  private static func text(_ count: Int) -> Int { 13 + 2 * count }
  /// An id is a text of 12 characters; a status is one of a few words.
  private static let id = text(12)
  private static let statuses = Set(TrialStatus.allCases.map { text($0.rawValue.utf8.count) })
  /// The number of a session is in the place of its row's number; it began at a time of 20 characters.
  private static let time = text("2026-01-01T00:00:00Z".utf8.count)
  private static let sessionColumns = 9

  private mutating func search(
    _ bytes: UnsafeBufferPointer<UInt8>, _ places: Range<Int>, from start: Int, in file: SalvageFile
  ) {
    for place in places {
      switch Int(bytes[place]) {
      case Self.id: findTrial(bytes, place, start, file)
      case Self.time: findSession(bytes, place, start, file)
      default: break
      }
    }
  }

  private mutating func findTrial(
    _ bytes: UnsafeBufferPointer<UInt8>, _ place: Int, _ start: Int, _ file: SalvageFile
  ) {
    // The header's own length, of one byte or two, is before the first type.
    for first in [place - 1, place - 2] where first >= 0 {
      guard let header = SQLiteRecordHeader(bytes, at: first), header.types.count >= 6,
        header.types[0] == Self.id, header.types[1] >= 13, !header.types[1].isMultiple(of: 2),
        Self.statuses.contains(header.types[2])
      else { continue }
      trials.append(Find(file: file, offset: start + first, header: header))
      return
    }
  }

  private mutating func findSession(
    _ bytes: UnsafeBufferPointer<UInt8>, _ place: Int, _ start: Int, _ file: SalvageFile
  ) {
    let first = place - 2
    guard first > 0, let header = SQLiteRecordHeader(bytes, at: first),
      header.types.count == Self.sessionColumns, header.types[0] == 0,
      header.types.dropFirst().allSatisfy({ $0 == 0 || ($0 >= 13 && !$0.isMultiple(of: 2)) }),
      let number = Self.number(bytes, before: first, rowOf: header.size)
    else { return }
    sessions.append((number, Find(file: file, offset: start + first, header: header)))
  }

  /// The number of a row: it lies between the row's size and its header.
  private static func number(
    _ bytes: UnsafeBufferPointer<UInt8>, before place: Int, rowOf size: Int
  ) -> Int64? {
    let size = SQLiteInteger.bytes(size)
    for count in 1...8 {
      let start = place - count
      guard start - size.count >= 0 else { return nil }
      var end = start
      guard bytes[(start - size.count)..<start].elementsEqual(size),
        let number = SQLiteInteger.read(bytes, &end), end == place
      else { continue }
      return Int64(number)
    }
    return nil
  }
}
