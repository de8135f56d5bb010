/// Text of a specification as it may appear in a message: quoted, on one line, short.
enum Excerpt {
  /// The most characters shown, escapes written out.
  static let limit = 60

  /// The text in single quotes.
  static func quoted(_ text: String) -> String { "'\(shortened(text))'" }

  /// The text with control characters escaped and its end cut off.
  static func shortened(_ text: String) -> String {
    var shown = ""
    for scalar in text.unicodeScalars {
      let piece = isPrintable(scalar) ? String(scalar) : scalar.escaped(asASCII: true)
      // Of scalars, not characters, which may join any number of them.
      guard shown.unicodeScalars.count + piece.unicodeScalars.count <= limit else { return shown + "…" }
      shown += piece
    }
    return shown
  }

  /// Names with commas between them: the first ten.
  static func list(_ names: [String]) -> String {
    names.prefix(10).map(shortened).joined(separator: ", ") + (names.count > 10 ? ", …" : "")
  }

  private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned,
      .privateUse:
      return false
    default: return true
    }
  }
}
