/// Damage to files, as broken disks, broken programs and people with bad intentions do it.
extension SeededGenerator {
  /// Bytes with one to three places damaged: bits, lengths, ends.
  public mutating func damaged(_ original: [UInt8]) -> [UInt8] {
    var bytes = original
    for _ in 0..<one(of: [1, 1, 1, 2, 3]) where !bytes.isEmpty {
      let at = number(0...bytes.count - 1)
      let end = min(bytes.count, at + one(of: [1, 2, 4, 8]))
      switch number(0...8) {
      case 0: bytes[at] ^= 1 << UInt8(number(0...7))
      case 1: bytes[at] = UInt8(number(0...255))
      case 2: bytes[at] = one(of: Array("{}[]():,'\"-.e09 \\".utf8))
      case 3: bytes.removeSubrange(at...)
      case 4: bytes.removeSubrange(at..<end)
      case 5: bytes.insert(contentsOf: bytes[at..<end], at: at)
      case 6:
        bytes.replaceSubrange(at..<end, with: repeatElement(one(of: [0, 0x7F, 0x80, 0xFF]), count: end - at))
      case 7: bytes.append(contentsOf: bytes[at...].prefix(64))
      default:
        let from = number(0...bytes.count - 1)
        bytes.replaceSubrange(at..<end, with: Array(bytes[from...].prefix(end - at)))
      }
    }
    return bytes
  }

  /// A text with one to four places damaged: cut, moved, repeated, replaced by a fragment of its language, or, where
  /// a number stands, by another number.
  public mutating func damaged(_ text: String, fragments: [String]) -> String {
    var scalars = Array(text.unicodeScalars)
    for _ in 0..<one(of: [1, 1, 1, 2, 4]) {
      let at = number(0...scalars.count)
      let end = min(scalars.count, at + number(0...12))
      switch number(0...6) {
      case 0: scalars.removeSubrange(at..<end)
      case 1: scalars.insert(contentsOf: scalars[at..<end], at: 0)
      case 2: scalars.insert(contentsOf: scalars[at...].prefix(number(0...40)), at: end)
      case 3, 4: scalars.replaceSubrange(at..<min(end, at + 2), with: one(of: fragments).unicodeScalars)
      default:
        guard let digits = Self.digits(in: scalars, from: at) else { continue }
        scalars.replaceSubrange(digits, with: one(of: Self.hostileNumbers).unicodeScalars)
      }
    }
    return String(String.UnicodeScalarView(scalars))
  }

  /// The next run of digits.
  private static func digits(in scalars: [Unicode.Scalar], from start: Int) -> Range<Int>? {
    func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }
    guard let first = scalars[start...].firstIndex(where: isDigit) else { return nil }
    return first..<(scalars[first...].firstIndex { !isDigit($0) } ?? scalars.count)
  }

  /// Numbers at and beyond the ends of the types that they may be read into.
  public static let hostileNumbers = [
    "0", "1", "-1", "-0", "2", "3", "8", "64", "65", "255", "65535", "65536", "99999", "100001", "2147483647",
    "2147483648", "4294967295", "4294967296", "9007199254740993", "999999999999", "4611686018427387904",
    "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809",
    "18446744073709551615", "18446744073709551616", String(repeating: "9", count: 400), "1e3", "1e300",
    "1e-300",
    "1e999", "1e-999", "0e99", "0e-9223372036854775808", "1e9223372036854775807", "1e-9223372036854775808",
    "0.5",
    "-0.0", "0.1e1", "00", "1_000", "0x7fffffff", "1.", ".5", "NaN", "-Infinity", "true", "null", "\"1\"",
  ]
}
