/// Finds the blank lines of a text: what is open in a paragraph ends with it.
///
/// Lines end at line feeds; one that has white space alone, a carriage return among it, is blank.
struct BlankLineReader: Sendable {
  /// Whether the line has had white space alone so far.
  private var isBlank = true

  /// Whether the character ends a blank line.
  mutating func endsBlankLine(_ scalar: Unicode.Scalar) -> Bool {
    if scalar == "\n" {
      defer { isBlank = true }
      return isBlank
    }
    if isBlank, !scalar.isBlank { isBlank = false }
    return false
  }
}
