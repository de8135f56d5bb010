import Foundation

/// Numbers and text as they appear in a CSV: shortest decimals that read back to the same number, `-inf` for
/// log10 of zero, an empty field for what does not exist. NaN has no form: it counts as not existing.
public enum CSVField {
  /// A number, without a trailing `.0`.
  public static func number(_ value: Double?) -> String {
    guard let value, !value.isNaN else { return "" }
    var text = value.description
    if text.utf8.suffix(2).elementsEqual(".0".utf8) { text.removeLast(2) }
    return text
  }

  /// Appends a comma and a number to a row.
  package static func append(_ value: Double?, to row: inout String) {
    row += ","
    guard let value, !value.isNaN else { return }
    value.write(to: &row)  // as `description`, without a string of its own
    if value == value.rounded(), row.utf8.suffix(2).elementsEqual(".0".utf8) { row.removeLast(2) }
  }

  /// Text, quoted where RFC 4180 requires it.
  public static func text(_ value: String) -> String {
    guard value.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return value }
    return "\"" + value.replacingOccurrences(of: "\"", with: "\"\"") + "\""
  }
}
