import ModelFiles

/// Text of a specification as it may appear in a message: quoted, on one line, short.
package enum Excerpt {
  /// The most characters shown, escapes written out.
  package static let limit = 60

  /// The text in single quotes.
  package static func quoted(_ text: String) -> String { "'\(shortened(text))'" }

  /// The text with control characters escaped and its end cut off.
  package static func shortened(_ text: String) -> String {
    let shown = String.excerpt(of: text, limit: limit) {
      $0.isPrintable ? String($0) : $0.escaped(asASCII: true)
    }
    return shown.text + (shown.isWhole ? "" : "…")
  }

  /// Names with commas between them: the first ten.
  package static func list(_ names: [String]) -> String {
    names.prefix(10).map(shortened).joined(separator: ", ") + (names.count > 10 ? ", …" : "")
  }
}
