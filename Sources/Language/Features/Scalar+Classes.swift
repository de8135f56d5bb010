/// Classes of characters as the features use them. ASCII is decided first: the tables of Unicode take far
/// longer.
extension Unicode.Scalar {
  /// A space, a tab, a carriage return or another white space that does not end the line.
  var isBlank: Bool { isSpace && self != "\n" }

  /// White space of any kind.
  var isSpace: Bool {
    isASCII ? self == " " || (9...13).contains(value) : properties.isWhitespace
  }

  /// A letter of any script.
  var isLetter: Bool {
    isASCII ? (65...90).contains(value) || (97...122).contains(value) : properties.isAlphabetic
  }

  /// A capital letter.
  var isCapital: Bool { isASCII ? (65...90).contains(value) : properties.isUppercase }

  /// A decimal digit of any script.
  var isDigit: Bool {
    isASCII ? (48...57).contains(value) : properties.generalCategory == .decimalNumber
  }

  /// A digit 0–9 or a letter A–F of either case.
  var isHexadecimalDigit: Bool { isASCII && properties.isASCIIHexDigit }

  /// What words and identifiers consist of: letters, digits, the low line and combining marks.
  var isWordPart: Bool {
    if isASCII { return isLetter || isDigit || self == "_" }
    return isLetter || isDigit
      || [.nonspacingMark, .spacingMark, .enclosingMark].contains(properties.generalCategory)
  }

  /// A mark of punctuation or a symbol.
  var isPunctuation: Bool {
    if isASCII { return (33...126).contains(value) && !isLetter && !isDigit }
    switch properties.generalCategory {
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
      .finalPunctuation, .otherPunctuation, .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol:
      return true
    default: return false
    }
  }
}
