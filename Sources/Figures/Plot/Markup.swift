import TextFiles

/// Texts in gnuplot's markup, in which `_` and `^` begin what is lower or higher: one character, or a part in braces.
package enum Markup {
  /// A text of which every character is itself: a name, a path.
  package static func plain(_ text: String) -> String {
    var result = ""
    for character in text {
      if "_^{}@&~\\".contains(character) { result.append("\\") }
      result.append(character)
    }
    return result
  }

  /// The numbers of a text as books set them: −0.5 for -0.5, 4 × 10^{−12} for 4e-12.
  package static func numbers(_ text: String) -> String {
    text.replacing(/(\d)e([-+]?)(\d+)/) { "\($0.1) × 10^{\($0.2 == "-" ? "−" : "")\($0.3)}" }
      .replacing(/(^|[ (\[±])-(\d)/) { "\($0.1)−\($0.2)" }
  }

  /// For places without markup: `W_hh`, and powers with small digits.
  package static func unmarked(_ text: String) -> String {
    var result = ""
    var rest = Substring(text)
    while let character = rest.popFirst() {
      switch character {
      case "\\": if let next = rest.popFirst() { result.append(next) }
      case "^":
        let part: Substring
        if rest.first == "{", let end = rest.firstIndex(of: "}") {
          part = rest[rest.index(after: rest.startIndex)..<end]
          rest = rest[rest.index(after: end)...]
        } else {
          part = rest.prefix(1)
          rest = rest.dropFirst()
        }
        let raised = part.map { Self.raised[$0] }
        if raised.contains(nil) { result += "^" + part } else { result += String(raised.compactMap { $0 }) }
      case "{", "}": continue
      default: result.append(character)
      }
    }
    return result
  }

  private static let raised: [Character: Character] = Dictionary(
    uniqueKeysWithValues: zip("0123456789-−+", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻⁺"))

  /// Lines of at most so many visible characters, broken between words.
  static func lines(_ text: String, width: Int) -> [String] {
    // An equation is not broken.
    let words = WrappedText.words(text).reduce(into: [String]()) { words, word in
      if let last = words.last, word == "=" || last.hasSuffix(" =") {
        words[words.count - 1] = "\(last) \(word)"
      } else {
        words.append(word)
      }
    }
    return lines(words, separator: " ", width: width)
  }

  /// Lines of at most so many visible characters, broken between parts, and within one that is longer than a line.
  static func lines(_ parts: [String], separator: String, width: Int) -> [String] {
    var lines: [String] = []
    func count(_ text: String) -> Int { unmarked(text).count }
    for part in parts {
      if let last = lines.last, count(last) + count(separator) + count(part) <= width {
        lines[lines.count - 1] = last + separator + part
      } else if count(part) > width, separator != " " {
        lines += self.lines(part, width: width)
      } else {
        lines.append(part)
      }
    }
    return lines
  }

  /// Several lines as gnuplot reads them: in double quotes, in which backslashes are special too.
  static func quoted(_ lines: [String]) -> String {
    guard lines.count > 1 else { return quoted(lines.first ?? "") }
    return "\""
      + lines.map { $0.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") }.joined(separator: "\\n")
      + "\""
  }

  /// As gnuplot reads a string: in single quotes, in which only the quote is special.
  static func quoted(_ text: String) -> String {
    "'" + text.replacing("'", with: "''").replacing("\n", with: " ") + "'"
  }
}
