/// The checksum of zip members and of the chunks of a PNG: CRC-32 with the reflected polynomial 0xEDB88320.
///
/// Specification: section 4.4.7 of
/// <https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT>.
public enum CRC32 {
  /// Of some bytes.
  public static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    bytes.withUnsafeBytes { raw in
      tables.withUnsafeBufferPointer { tables in
        var state = UInt32.max
        var offset = 0
        while offset + 8 <= raw.count {
          let word = raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
          let mixed = UInt64(littleEndian: word) ^ UInt64(state)
          state = 0
          for byte in 0..<8 {
            let value = Int(truncatingIfNeeded: mixed >> UInt64(8 * byte)) & 0xFF
            state ^= tables[(7 - byte) << 8 + value]
          }
          offset += 8
        }
        while offset < raw.count {
          state = tables[Int(UInt8(truncatingIfNeeded: state) ^ raw[offset])] ^ (state >> 8)
          offset += 1
        }
        return ~state
      }
    }
  }

  /// Eight tables of 256: table k holds the effect of a byte that k more bytes follow.
  private static let tables: [UInt32] = {
    var tables = (0..<256).map { (byte: UInt32) in
      (0..<8).reduce(byte) { state, _ in
        state & 1 == 0 ? state >> 1 : state >> 1 ^ 0xEDB8_8320
      }
    }
    for index in 256..<(8 * 256) {
      let shorter = tables[index - 256]
      tables.append(shorter >> 8 ^ tables[Int(shorter & 0xFF)])
    }
    return tables
  }()
}
