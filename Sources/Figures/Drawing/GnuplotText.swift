/// Text as gnuplot reads it.
enum GnuplotText {
  /// A string in single quotes, in which only the quote is special.
  static func quoted(_ text: String) -> String {
    "'" + text.replacing("'", with: "''").replacing("\n", with: " ") + "'"
  }

  /// Text for a place where enhanced mode is on, shown as it is.
  static func plain(_ text: String) -> String {
    var result = ""
    for character in text {
      if "_^{}@&~\\".contains(character) { result.append("\\") }
      result.append(character)
    }
    return result
  }

  /// A command that is left out on a text terminal.
  static func graphic(_ command: String) -> String { "if (!paged) { \(command) }" }

  /// The command that gives boxed labels a white ground.
  static let boxes = graphic("set style textbox opaque margins 0.4, 0.6 fillcolor rgb '#ffffff' noborder")

  /// Marked-up text without its braces, for terminals that show it as it is.
  static func unmarked(_ text: String) -> String {
    text.replacing("{", with: "").replacing("}", with: "")
  }
}
