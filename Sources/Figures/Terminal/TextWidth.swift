/// How many columns of a terminal a character takes.
package enum TextWidth {
  /// 0 for what only changes its neighbour, 2 for East Asian wide characters and emoji, else 1 (Unicode Standard
  /// Annex 11).
  static func of(_ character: Character) -> Int {
    guard let first = character.unicodeScalars.first else { return 0 }
    let properties = first.properties
    if properties.isDefaultIgnorableCodePoint { return 0 }
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark: return 0
    default: break
    }
    // A variation selector can make a sign an emoji.
    if properties.isEmojiPresentation || character.unicodeScalars.contains("\u{FE0F}") { return 2 }
    return wide.contains { $0.contains(first.value) } ? 2 : 1
  }

  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
    0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6,
    0x16FE0...0x18AFF, 0x1B000...0x1B2FF, 0x1F200...0x1F2FF, 0x20000...0x3FFFD,
  ]

  package static func of(_ text: some StringProtocol) -> Int { text.reduce(0) { $0 + of($1) } }

  /// The text without what moves a terminal's cursor or changes its state.
  static func harmless(_ text: String) -> String {
    String(
      text.map { character -> Character in
        let isHarmful = character.unicodeScalars.contains {
          switch $0.properties.generalCategory {
          case .control, .lineSeparator, .paragraphSeparator, .surrogate: true
          // Marks of direction would turn what stands beside them.
          default: $0.properties.isBidiControl
          }
        }
        return isHarmful ? " " : character
      })
  }

  /// The text in at most so many columns; what is cut off is marked by `…`.
  static func cut(_ text: String, to columns: Int) -> String {
    guard of(text) > columns else { return text }
    if columns < 1 { return "" }
    var result = prefix(text, columns - 1)
    while result.last == " " { result.removeLast() }
    return result + "…"
  }

  /// What of a text has room in so many columns.
  static func prefix(_ text: String, _ columns: Int) -> String {
    var (result, width) = ("", 0)
    for character in text {
      width += of(character)
      if width > columns { break }
      result.append(character)
    }
    return result
  }
}
