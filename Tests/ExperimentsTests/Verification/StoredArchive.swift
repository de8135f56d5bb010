/// Changes a number inside an uncompressed zip archive, with the checksums mended.
enum StoredArchive {
  /// Puts NaN into the last float64 of a member; false if the archive has no such member.
  static func poison(_ bytes: inout [UInt8], member: String) -> Bool {
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
      put(checksum, at: start + 14, in: &bytes)
      found = true
    }
    guard found else { return false }
    // Central headers "PK\1\2": checksum at 16, name length at 28, name at 46.
    for start in positions(of: [0x50, 0x4B, 1, 2], in: bytes) {
      let nameLength = word(bytes, start + 28)
      guard Array(bytes[(start + 46)..<(start + 46 + nameLength)]) == name else { continue }
      put(checksum, at: start + 16, in: &bytes)
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

  private static func put(_ value: UInt32, at k: Int, in bytes: inout [UInt8]) {
    for j in 0..<4 { bytes[k + j] = UInt8(truncatingIfNeeded: value >> (8 * UInt32(j))) }
  }

  private static func crc32(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    ~bytes.reduce(UInt32.max) { crc, byte in
      (0..<8).reduce(crc ^ UInt32(byte)) { c, _ in c & 1 == 1 ? c >> 1 ^ 0xEDB8_8320 : c >> 1 }
    }
  }
}
