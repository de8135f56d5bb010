import Foundation

/// A JSON value that keeps the order of its members and writes numbers as shortest decimals. What there is not becomes
/// null, and so do NaN and infinite numbers, which JSON cannot hold.
public indirect enum JSONText: Sendable {
  case null
  case boolean(Bool)
  case integer(Int?)
  case unsigned(UInt64)
  case number(Double?)
  case string(String?)
  case array([JSONText])
  case object([(String, JSONText)])

  /// The text, indented by two spaces a level, with a final line feed.
  public var text: String { rendered(indent: 0) + "\n" }

  private func rendered(indent: Int) -> String {
    let inner = String(repeating: "  ", count: indent + 1)
    let outer = String(repeating: "  ", count: indent)
    switch self {
    case .null: return "null"
    case .boolean(let value): return value ? "true" : "false"
    case .integer(let value): return value.map(String.init) ?? "null"
    case .unsigned(let value): return "\(value)"
    case .number(let value):
      guard let value, value.isFinite else { return "null" }
      return CSVField.number(value)
    case .string(let value): return value.map(Self.quoted) ?? "null"
    case .array(let values):
      if values.isEmpty { return "[]" }
      let isFlat = values.allSatisfy(\.isScalar)
      let parts = values.map { $0.rendered(indent: indent + 1) }
      return isFlat
        ? "[" + parts.joined(separator: ", ") + "]"
        : "[\n" + parts.map { inner + $0 }.joined(separator: ",\n") + "\n\(outer)]"
    case .object(let members):
      if members.isEmpty { return "{}" }
      return "{\n"
        + members.map { "\(inner)\(Self.quoted($0.0)): \($0.1.rendered(indent: indent + 1))" }
        .joined(separator: ",\n") + "\n\(outer)}"
    }
  }

  private var isScalar: Bool {
    switch self {
    case .array, .object: return false
    default: return true
    }
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where scalar.value < 0x20:
        result += String(format: "\\u%04x", scalar.value)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
