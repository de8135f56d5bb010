import GradientFlow

/// The parts of a PNG: a signature and chunks, each with its length and checksum, from IHDR over IDAT to IEND (PNG
/// specification, W3C 2003, section 5).
enum PNGStructure {
  private static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  static func flaw(in bytes: [UInt8]) -> String? {
    guard bytes.starts(with: signature) else { return "it does not begin as a PNG" }
    func word(_ at: Int) -> Int { bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) } }
    var offset = signature.count
    var hasData = false
    while offset + 12 <= bytes.count {
      let (length, kind) = (word(offset), String(decoding: bytes[offset + 4..<offset + 8], as: UTF8.self))
      let end = offset + 12 + length
      guard end <= bytes.count else { break }
      if Int(CRC32.checksum(bytes[offset + 4..<end - 4])) != word(end - 4) {
        return "its chunk \(kind) at byte \(offset) is damaged"
      }
      if offset == signature.count, kind != "IHDR" { return "it does not begin with its size" }
      if kind == "IDAT" { hasData = true }
      if kind == "IEND" {
        if end < bytes.count { return "it continues after its end at byte \(end)" }
        return hasData ? nil : "it has no image data"
      }
      offset = end
    }
    return "it is cut off at byte \(bytes.count)"
  }
}
