import Foundation
import TextFiles

extension ExactValueCheck {
  /// A table of its rows.
  ///
  /// - Parameter brief: only rows that disagree.
  public func text(brief: Bool = false) -> String {
    let failures = rows.count { !$0.passed }
    let verdict = failures > 0 ? "\(failures) of \(rows.count) MISS" : rows.isEmpty ? "MISS: nothing" : "ok"
    let shown = brief ? rows.filter { !$0.passed } : rows
    var text = "\(name): \(verdict)\n"
    if brief && shown.isEmpty { return text }
    text += "  \(source)\n"
    let width = max(4, shown.map(\.name.count).max() ?? 0)
    text += "  " + "what".padded(to: width) + "        exact      measured     difference\n"
    for row in shown { text += row.line(nameWidth: width) + "\n" }
    return text + "\n"
  }

  package var json: JSONText {
    .object([
      ("name", .string(name)), ("source", .string(source)), ("passed", .boolean(passed)),
      ("rows", .array(rows.map(\.json))),
    ])
  }
}

extension [ExactValueCheck] {
  /// All of it as one document.
  public var json: String {
    JSONText.object([
      ("passed", .boolean(!isEmpty && allSatisfy(\.passed))), ("checks", .array(map(\.json))),
    ]).text
  }
}

extension ExactValueRow {
  fileprivate func line(nameWidth: Int) -> String {
    let bound: String
    switch criterion {
    case .atMost: bound = "≤"
    case .atLeast: bound = "≥"
    case .within, .standardErrors: bound = " "
    }
    var line = "  " + name.padded(to: nameWidth) + "  \(bound)" + Self.text(exact).indented(to: 10)
    line += "  " + Self.text(measured).indented(to: 12) + "  " + differenceText.indented(to: 13)
    line += passed ? "  ok" : "  MISS"
    return remark.isEmpty ? line : line + "  \(remark)"
  }

  private var differenceText: String {
    switch criterion {
    case .standardErrors(let error, _) where error > 0:
      return String(format: "%+.1f s.e.", difference / error)
    case .atMost, .atLeast: return ""
    default: return String(format: "%+.1e", difference)
    }
  }

  private static func text(_ value: Double) -> String {
    String(format: value == 0 || (1e-3..<1e5).contains(value.magnitude) ? "%.5f" : "%.4g", value)
  }

  fileprivate var json: JSONText {
    var members: [(String, JSONText)] = [
      ("what", .string(name)), ("exact", .number(exact)), ("measured", .number(measured)),
    ]
    switch criterion {
    case .within(let tolerance): members.append(("tolerance", .number(tolerance)))
    case .standardErrors(let error, let limit):
      members += [("standard_error", .number(error)), ("allowed_standard_errors", .number(limit))]
    case .atMost: members.append(("bound", .string("at most")))
    case .atLeast: members.append(("bound", .string("at least")))
    }
    members.append(("passed", .boolean(passed)))
    if !remark.isEmpty { members.append(("remark", .string(remark))) }
    return .object(members)
  }
}

extension String {
  /// Preceded by spaces up to a width, in characters.
  fileprivate func indented(to width: Int) -> String {
    String(repeating: " ", count: max(0, width - count)) + self
  }
}
