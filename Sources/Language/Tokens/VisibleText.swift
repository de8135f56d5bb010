extension Unicode.Scalar {
  /// As it can be seen and told apart: `a`, `␣` for a space, `\\n`, `U+00A0`.
  public var visible: String {
    switch self {
    case " ": return "␣"
    case "\n": return "\\n"
    case "\r": return "\\r"
    case "\t": return "\\t"
    default:
      let isSeen =
        !properties.isWhitespace && !properties.isDefaultIgnorableCodePoint
        && ![.control, .format, .privateUse, .unassigned, .nonspacingMark, .enclosingMark].contains(
          properties.generalCategory)
      let digits = String(value, radix: 16, uppercase: true)
      return isSeen
        ? String(Character(self)) : "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
  }
}
