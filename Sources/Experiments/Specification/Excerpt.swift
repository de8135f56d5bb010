/// Text of a specification as it may appear in a message: quoted, on one line, short.
enum Excerpt {
  /// The most Unicode scalars shown.
  static let limit = 60

  /// The text in single quotes.
  static func quoted(_ text: String) -> String { "'\(shortened(text))'" }

  /// The text with control characters escaped and its end cut off.
  static func shortened(_ text: String) -> String {
    let scalars = text.unicodeScalars
    let shown = scalars.prefix(limit).map { scalar in
      isPrintable(scalar) ? String(scalar) : scalar.escaped(asASCII: true)
    }
    let isWhole = scalars.index(scalars.startIndex, offsetBy: limit, limitedBy: scalars.endIndex)
    return shown.joined() + (isWhole == nil || isWhole == scalars.endIndex ? "" : "…")
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
