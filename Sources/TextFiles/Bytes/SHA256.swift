import Foundation

#if canImport(CryptoKit)
  import CryptoKit
#else
  import CNettle
#endif

/// SHA-256 (FIPS 180-4) of bytes that may come in parts.
///
/// By CryptoKit where that exists, elsewhere by Nettle: its contexts are plain values without global state, so that
/// nothing is set up at the start or taken down at exit while other threads still hash, as OpenSSL does.
package struct SHA256 {
  #if canImport(CryptoKit)
    private var state = CryptoKit.SHA256()
  #else
    private var state = sha256_ctx()
  #endif

  package init() {
    #if !canImport(CryptoKit)
      nettle_sha256_init(&state)
    #endif
  }

  /// The digest of some bytes.
  package static func hash(_ bytes: some ContiguousBytes) -> Digest {
    var hash = SHA256()
    hash.update(bytes)
    return hash.finalize()
  }

  /// Takes the next bytes.
  package mutating func update(_ bytes: some ContiguousBytes) {
    bytes.withUnsafeBytes { bytes in
      #if canImport(CryptoKit)
        state.update(bufferPointer: bytes)
      #else
        guard let first = bytes.baseAddress else { return }
        nettle_sha256_update(&state, bytes.count, first)
      #endif
    }
  }

  /// The digest of all bytes so far, which is the last thing asked of a value.
  package consuming func finalize() -> Digest {
    #if canImport(CryptoKit)
      return Digest(bytes: Array(state.finalize()))
    #else
      return Digest(
        bytes: [UInt8](unsafeUninitializedCapacity: Digest.byteCount) { buffer, count in
          gf_sha256_finish(&state, buffer.baseAddress)
          count = Digest.byteCount
        })
    #endif
  }

  /// A 32-byte digest of other bytes.
  package struct Digest: Equatable {
    package static let byteCount = 32

    package let bytes: [UInt8]

    /// The bytes as 64 lower-case hexadecimal digits.
    package var hexadecimal: String { hexadecimal(2 * Self.byteCount) }

    /// The first of the 64 lower-case hexadecimal digits.
    package func hexadecimal(_ count: Int) -> String {
      let digits = Array("0123456789abcdef".utf8)
      let pairs = bytes.prefix((count + 1) / 2).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
      return String(decoding: pairs.prefix(count), as: UTF8.self)
    }
  }
}
