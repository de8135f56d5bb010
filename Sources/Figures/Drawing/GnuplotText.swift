/// Text as gnuplot reads it.
enum GnuplotText {
  /// A string in single quotes, in which nothing but the quote has a meaning.
  static func quoted(_ text: String) -> String {
    "'" + text.replacing("'", with: "''").replacing("\n", with: " ") + "'"
  }

  /// Text for a place where enhanced mode is on, shown as it is.
  static func plain(_ text: String) -> String {
    var result = ""
    for character in text {
      if "_^{}@&~\\".contains(character) { result.append("\\") }
      result.append(character)
    }
    return result
  }

  /// Marked-up text without its braces, for terminals that show it as it is.
  static func unmarked(_ text: String) -> String {
    text.replacing("{", with: "").replacing("}", with: "")
  }

  /// Lines of at most `width` characters, broken between parts.
  static func wrapped(_ parts: [String], separator: String, width: Int) -> [String] {
    var lines: [String] = []
    for part in parts {
      if let last = lines.last, last.count + separator.count + part.count <= width {
        lines[lines.count - 1] = last + separator + part
      } else {
        lines.append(part)
      }
    }
    return lines
  }

  /// Lines of at most `width` characters, broken between words.
  static func wrapped(_ text: String, width: Int) -> [String] {
    wrapped(text.split(separator: " ").map(String.init), separator: " ", width: width)
  }
}
