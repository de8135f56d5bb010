/// Text from a file or a user as it may appear in a message: on its line, and short.
package enum Excerpt {
  /// The most scalars shown, escapes written out; not characters, which may join any number of them.
  package static let limit = 60

  /// The text in single quotes, escaped where it does not show as itself.
  package static func quoted(_ text: String) -> String { "'\(shortened(text))'" }

  /// The same without quotes.
  package static func shortened(_ text: String) -> String {
    beginning(of: text) { $0.isPrintable ? String($0) : $0.escaped(asASCII: true) }
  }

  /// A sentence from a file, on its line, escaped where it does not show as itself, of so many scalars at most.
  package static func line(_ text: String, limit: Int = 600) -> String {
    var shown = ""
    for (count, scalar) in text.unicodeScalars.enumerated() {
      guard count < limit else { return shown + "…" }
      shown += scalar.isPrintable ? String(scalar) : scalar.escaped(asASCII: true)
    }
    return shown
  }

  /// Names with commas between them: the first ten.
  package static func list(_ names: [String]) -> String {
    names.prefix(10).map(shortened).joined(separator: ", ") + (names.count > 10 ? ", …" : "")
  }

  /// As much of a text as fits, each scalar in the form it is given; a quote follows the text itself.
  private static func beginning(
    of text: String, quote: String = "", _ form: (Unicode.Scalar) -> String
  ) -> String {
    var (shown, count) = ("", 0)
    for scalar in text.unicodeScalars {
      let piece = form(scalar)
      count += piece.unicodeScalars.count
      guard count <= limit else { return shown + quote + "…" }
      shown += piece
    }
    return shown + quote
  }
}

// MARK: - In messages about files of models

extension Excerpt {
  /// The text in double quotes, escaped as in a string literal.
  static func literal(_ text: String) -> String {
    "\"" + beginning(of: text, quote: "\"") { $0.escaped(asASCII: !$0.isPrintable) }
  }

  static func literal(_ bytes: ArraySlice<UInt8>) -> String {
    // Four bytes are the most one scalar takes.
    literal(String(decoding: bytes.prefix(4 * limit + 4), as: UTF8.self))
  }

  /// One byte: its character if it prints, else its value.
  static func byte(_ value: UInt8) -> String {
    (0x20..<0x7F).contains(value)
      ? "'\(Character(Unicode.Scalar(value)))'" : "the byte 0x" + String(value, radix: 16)
  }

  /// Some texts, of many the first few.
  static func literals(_ texts: [String]) -> String {
    let shown = texts.prefix(4).map { literal($0) }.joined(separator: ", ")
    return texts.count > 4 ? "\(shown) and \(texts.count - 4) more" : shown
  }

  /// Extents as they are written in a header: the first ten.
  static func shape(_ extents: [Int]) -> String { "[\(list(extents.map(String.init)))]" }
}

extension Unicode.Scalar {
  /// Whether it shows as itself in a message, on its line.
  fileprivate var isPrintable: Bool {
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse: false
    default: true
    }
  }
}
