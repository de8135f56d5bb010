/// Text from a file as it may appear in an error message: quoted, escaped and short.
enum Excerpt {
  /// The most characters shown, escapes written out.
  static let limit = 60

  static func quoted(_ text: String) -> String {
    let shown = String.excerpt(of: text, limit: limit) { $0.escaped(asASCII: !$0.isPrintable) }
    return "\"\(shown.text)\"" + (shown.isWhole ? "" : "…")
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

  /// Some texts, of many the first few.
  static func list(_ texts: [String]) -> String {
    let shown = texts.prefix(4).map { quoted($0) }.joined(separator: ", ")
    return texts.count > 4 ? "\(shown) and \(texts.count - 4) more" : shown
  }

  /// Extents as they are written in a header: the first ten.
  static func shape(_ extents: [Int]) -> String {
    "[" + extents.prefix(10).map(String.init).joined(separator: ", ") + (extents.count > 10 ? ", …]" : "]")
  }
}
