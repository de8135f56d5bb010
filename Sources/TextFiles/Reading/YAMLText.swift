import Foundation

/// Text as a YAML scalar that reads back the same.
package enum YAMLText {
  /// The text itself where YAML takes it for a plain word, else in double quotes.
  package static func of(_ text: String) -> String {
    isPlain(text) ? text : "\"" + text.unicodeScalars.map(escaped).joined() + "\""
  }

  private static func isPlain(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first, isLetter(first) else { return false }
    let reserved = SpecificationNode.nullWords.union(SpecificationNode.truthWords)
    return !reserved.contains(text)
      && text.unicodeScalars.allSatisfy {
        isLetter($0) || ("0"..."9").contains($0) || "-_./".unicodeScalars.contains($0)
      }
  }

  private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
  }

  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    if scalar == "\"" || scalar == "\\" { return "\\\(scalar)" }
    let isSafe =
      scalar.isASCII
      ? scalar.value >= 0x20 && scalar.value < 0x7F
      : scalar.properties.isAlphabetic
    if isSafe { return String(scalar) }
    return String(format: "\\U%08X", scalar.value)
  }
}
