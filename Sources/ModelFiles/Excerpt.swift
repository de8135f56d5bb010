/// Text from a file as it may appear in an error message: quoted, escaped and short.
enum Excerpt {
  /// The most Unicode scalars shown.
  static let limit = 60

  static func quoted(_ text: String) -> String {
    let shown = String(String.UnicodeScalarView(text.unicodeScalars.prefix(limit)))
    let isWhole = shown.utf8.count == text.utf8.count
    return shown.debugDescription + (isWhole ? "" : "…")
  }

  static func quoted(_ bytes: ArraySlice<UInt8>) -> String {
    // Four bytes are the most one scalar takes.
    quoted(String(decoding: bytes.prefix(4 * limit + 4), as: UTF8.self))
  }

  /// One byte: its character if it prints, else its value.
  static func byte(_ value: UInt8) -> String {
    (0x20..<0x7F).contains(value)
      ? "'\(Character(Unicode.Scalar(value)))'" : "the byte 0x" + String(value, radix: 16)
  }
}
