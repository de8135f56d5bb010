/// Whether the character is inside a string of program text in single quotes, as many scripts have them.
///
///     x = 'it' + f('a', 'b')
///     ....###......##...##..
///
/// Most single quotes of prose are apostrophes. A literal therefore begins where a value can stand in a
/// program and a quotation hardly does: after `=`, `+`, `%`, `<`, `>`, `&`, `|` or an opening bracket, blanks
/// left out, and inside brackets also after a comma, a colon or at the start of a line. It ends at the next
/// single quote that no backslash escapes, or with the line. Literals after words, such as `return 'a'`, are
/// missed.
public struct InsideSingleQuotedLiteral: CausalFeature {
  public var name: String { "inside_single_quoted" }
  public var summary: String {
    "inside a single-quoted literal that stands where a program has a value; ends with the line"
  }
  private var lexer = CodeLexer()
  private var brackets = BracketNesting()
  /// The last character of the line that is no blank; a line feed before the first.
  private var last: Unicode.Scalar = "\n"
  private var isOpen = false, isEscaped = false

  public init() {}

  public mutating func read(_ scalar: Unicode.Scalar) -> Bool {
    if isOpen {
      if scalar == "\n" || (scalar == "'" && !isEscaped) { isOpen = false }
      isEscaped = scalar == "\\" && !isEscaped
      // What is in the literal is neither comment nor bracket.
      if scalar != "\n" {
        last = scalar
        return isOpen
      }
    }
    let region = lexer.read(scalar)
    if region == .code { brackets.read(scalar) }
    if scalar == "'", region == .code, canBegin {
      isOpen = true
      isEscaped = false
    }
    if !scalar.isBlank { last = scalar }
    return isOpen
  }

  private var canBegin: Bool {
    switch last {
    case "=", "+", "%", "<", ">", "&", "|", "(", "[", "{": return true
    case ",", ":", "\n": return brackets.depth > 0
    default: return false
    }
  }
}
