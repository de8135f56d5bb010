extension Double {
  /// The shortest decimal that reads back the same, without a trailing ".0"; 0 for −0.
  package var shortestDecimal: String {
    guard self != 0 else { return "0" }
    let text = description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
