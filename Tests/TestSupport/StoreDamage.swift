/// A damaged SQLite file, and which of its bytes are no longer what and where they were.
public struct StoreDamage: Sendable, CustomStringConvertible {
  public var bytes: [UInt8]
  public var ranges: [Range<Int>] = []
  /// What was done, for messages.
  public let description: String

  public init(bytes: [UInt8], description: String) {
    self.bytes = bytes
    self.description = description
  }

  /// Whether not every byte of a block is as it was.
  public func touches(_ block: Range<Int>) -> Bool {
    block.upperBound > bytes.count || ranges.contains { $0.overlaps(block) }
  }
}

extension SeededGenerator {
  private static let page = 4096

  /// Words of the header by place and length (sqlite.org/fileformat.html, section 1.3): size of pages, versions,
  /// reserved bytes, counters, list of free pages, cookie, encoding, version of the tables, …
  private static let headerWords: [(place: Int, length: Int)] =
    [(0, 16), (16, 2), (18, 1), (19, 1), (20, 1), (21, 1), (22, 1), (23, 1)]
    + stride(from: 24, to: 72, by: 4).map { ($0, 4) } + [(72, 20), (92, 4), (96, 4)]

  /// A store with a place damaged: cut off, bits flipped, pages overwritten, words of the header or of a page's.
  public mutating func damagedStore(_ original: [UInt8]) -> StoreDamage {
    let pages = max(1, original.count / Self.page)
    let page = number(0...pages - 1) * Self.page
    switch number(0...8) {
    case 0:
      let limit = chance(oneIn: 2) ? min(2 * Self.page, original.count) : original.count
      let length = number(0...limit)
      return StoreDamage(bytes: Array(original.prefix(length)), description: "cut off at \(length)")
    case 1, 2:
      var damage = StoreDamage(bytes: original, description: "bits flipped in the page at \(page)")
      for _ in 0..<one(of: [1, 1, 2, 8]) {
        let place = min(page + number(0...Self.page - 1), original.count - 1)
        damage.bytes[place] ^= 1 << UInt8(number(0...7))
        damage.ranges.append(place..<place + 1)
      }
      return damage
    case 3, 4:
      let word = one(of: Self.headerWords)
      return overwritten(original, word.place, word.length, "word of the header")
    case 5: return overwritten(original, page, Self.page, "page")
    case 6: return overwritten(original, page, 8, "header of a page")
    case 7: return overwritten(original, page + 8, 2 * number(1...20), "list of rows of a page")
    default: return overwritten(original, page + 512 * number(0...7), 512, "sector")
    }
  }

  /// Bytes replaced by zeros, ones, one small number, or anything.
  private mutating func overwritten(
    _ original: [UInt8], _ place: Int, _ length: Int, _ what: String
  ) -> StoreDamage {
    let end = min(place + length, original.count)
    let kind = number(0...4)
    let replacement: [UInt8] = (place..<max(place, end)).map { k in
      switch kind {
      case 0: return 0
      case 1: return 0xFF
      case 2: return k == end - 1 ? UInt8(number(0...9)) : 0
      default: return UInt8(number(0...255))
      }
    }
    var damage = StoreDamage(bytes: original, description: "\(what) at \(place) overwritten")
    damage.bytes.replaceSubrange(place..<place + replacement.count, with: replacement)
    damage.ranges = [place..<place + replacement.count]
    return damage
  }
}
