import CZlib

/// The checksum of zip members and of the chunks of a PNG: CRC-32, as zlib computes it.
public enum CRC32 {
  /// Of some bytes.
  public static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    bytes.withUnsafeBufferPointer { UInt32(truncatingIfNeeded: crc32_z(0, $0.baseAddress, $0.count)) }
  }
}
