import GradientFlow

/// Texts of a PNG: chunks iTXt of UTF-8 after its size (PNG specification, W3C 2003, section 11.3.4.5).
enum PNGMetadata {
  /// Signature and IHDR.
  private static let head = 8 + 25

  static func added(_ metadata: ImageMetadata, to image: [UInt8]) -> [UInt8]? {
    guard image.count > head else { return nil }
    let chunks = [
      ("Title", metadata.title), ("Description", metadata.description.joined(separator: "\n")),
      ("Software", metadata.creator),
    ].flatMap { chunk(keyword: $0, $1) }
    return image[..<head] + chunks + image[head...]
  }

  private static func chunk(keyword: String, _ text: String) -> [UInt8] {
    // Not compressed, of no language, without a translated keyword.
    let content = Array(keyword.utf8) + [0, 0, 0, 0, 0] + text.utf8.filter { $0 != 0 }
    let named = Array("iTXt".utf8) + content
    return word(UInt32(content.count)) + named + word(CRC32.checksum(named[...]))
  }

  private static func word(_ value: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> UInt32($0)) }
  }
}
