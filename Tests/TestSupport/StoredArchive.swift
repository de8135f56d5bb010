/// A zip archive, as bytes that fit together: members as they are or deflated without getting smaller.
public struct StoredArchive {
  /// Where in an archive the parts of a member's description start.
  public struct Place: Sendable {
    /// Of the local header: checksum at 14, sizes at 18 and 22, name at 30.
    public let local: Int
    /// Of the central header: checksum at 16, sizes at 20 and 24, name at 46.
    public let central: Int
  }

  public private(set) var bytes: [UInt8] = []
  /// The members in their order.
  public private(set) var places: [Place] = []
  /// Where the end record starts: counts at 8 and 10, size and offset of the directory at 12 and 16.
  public private(set) var end = 0

  /// An archive of members.
  ///
  /// - Parameter packing: what deflate makes of a member's data; nil for an archive without compression.
  public init(
    _ members: [(name: String, data: [UInt8])], packing: ((_ data: [UInt8]) -> [UInt8])? = nil
  ) {
    var directory: [UInt8] = []
    for (name, data) in members {
      let start = bytes.count
      let packed = packing?(data) ?? data
      // Of a header, what both kinds have: no flags, the method, no time, checksum, both sizes, the name's length.
      let common =
        [20, 0, 0, 0, packing == nil ? 0 : 8, 0, 0, 0, 0x21, 0] + Self.little(Self.crc32(data), 4)
        + Self.little(UInt32(packed.count), 4)
        + Self.little(UInt32(data.count), 4) + Self.little(UInt32(name.utf8.count), 2) + [0, 0]
      bytes += [0x50, 0x4B, 3, 4] + common + Array(name.utf8) + packed
      places.append(Place(local: start, central: directory.count))
      directory += [0x50, 0x4B, 1, 2, 20, 3] + common + [UInt8](repeating: 0, count: 10)
      directory += Self.little(UInt32(start), 4) + Array(name.utf8)
    }
    let start = bytes.count
    places = places.map { Place(local: $0.local, central: start + $0.central) }
    end = start + directory.count
    let count = Self.little(UInt32(members.count), 2)
    bytes += directory + [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + count + count
    bytes += Self.little(UInt32(directory.count), 4) + Self.little(UInt32(start), 4) + [0, 0]
  }

  /// The data deflated in blocks that hold bytes as they are (RFC 1951, section 3.2.4).
  public static func deflated(_ data: [UInt8]) -> [UInt8] {
    var packed: [UInt8] = []
    var rest = data[...]
    repeat {
      let block = rest.prefix(0xFFFF)
      rest = rest.dropFirst(block.count)
      packed.append(rest.isEmpty ? 1 : 0)
      packed += little(UInt32(block.count), 2) + little(~UInt32(block.count), 2) + block
    } while !rest.isEmpty
    return packed
  }

  /// CRC-32 with the reflected polynomial 0xEDB88320, bit by bit.
  public static func crc32(_ bytes: some Sequence<UInt8>) -> UInt32 {
    ~bytes.reduce(UInt32.max) { crc, byte in
      (0..<8).reduce(crc ^ UInt32(byte)) { c, _ in c & 1 == 1 ? c >> 1 ^ 0xEDB8_8320 : c >> 1 }
    }
  }

  /// The lowest bytes of a number, lowest first.
  static func little(_ value: UInt32, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) }
  }
}

// MARK: - Changing one that exists

extension StoredArchive {
  /// Puts NaN into the last float64 of a member, with the checksums mended; false if the archive has no such member.
  public static func poison(_ bytes: inout [UInt8], member: String) -> Bool {
    let name = Array(member.utf8)
    var checksum: UInt32 = 0
    var found = false
    // Local headers "PK\3\4": name length at 26, extra length at 28, size at 18, checksum at 14.
    for start in positions(of: [0x50, 0x4B, 3, 4], in: bytes) {
      let nameLength = word(bytes, start + 26)
      let body = start + 30 + nameLength + word(bytes, start + 28)
      guard Array(bytes[(start + 30)..<(start + 30 + nameLength)]) == name else { continue }
      let size = word(bytes, start + 18) | word(bytes, start + 20) << 16
      let nan = Double.nan.bitPattern
      for k in 0..<8 { bytes[body + size - 8 + k] = UInt8(truncatingIfNeeded: nan >> (8 * UInt64(k))) }
      checksum = crc32(bytes[body..<body + size])
      bytes.replaceSubrange(start + 14..<start + 18, with: little(checksum, 4))
      found = true
    }
    guard found else { return false }
    // Central headers "PK\1\2": checksum at 16, name length at 28, name at 46.
    for start in positions(of: [0x50, 0x4B, 1, 2], in: bytes) {
      let nameLength = word(bytes, start + 28)
      guard Array(bytes[(start + 46)..<(start + 46 + nameLength)]) == name else { continue }
      bytes.replaceSubrange(start + 16..<start + 20, with: little(checksum, 4))
      return true
    }
    return false
  }

  private static func positions(of mark: [UInt8], in bytes: [UInt8]) -> [Int] {
    bytes.indices.dropLast(46).filter { k in
      bytes[k] == mark[0] && bytes[k + 1] == mark[1] && bytes[k + 2] == mark[2]
        && bytes[k + 3] == mark[3]
    }
  }

  private static func word(_ bytes: [UInt8], _ k: Int) -> Int { Int(bytes[k]) | Int(bytes[k + 1]) << 8 }
}
