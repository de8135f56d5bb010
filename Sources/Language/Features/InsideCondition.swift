/// Whether the character is inside the condition of an `if` of program text.
///
///     if (a(b) > 0) c;    if a[1:2] { c }    } elif x: y
///     ..###########...    ..########.....    ......##...
///
/// It begins after the word `if`, `elif` or `elsif`. Where a round bracket follows it ends with that, which
/// may be lines below; elsewhere with the first `{`, `:` or `;` outside round and square brackets, or with
/// the line. A blank line, or 300 characters, end both. Of `if (a) and (b):` only the first part counts, and
/// an "if" of prose counts up to its line's end.
public struct InsideCondition: CausalFeature {
  public var name: String { "inside_condition" }
  public var summary: String {
    "inside an if condition: to its ), {, : or line end, for at most \(Self.limit) characters"
  }

  /// Characters after which a condition ends by itself.
  public static let limit = 300

  private enum State: Sendable {
    case outside
    /// After the word, before the first character that is no blank.
    case before
    /// Inside; whether a round bracket is around it.
    case inside(isBracketed: Bool)
  }

  private var state = State.outside
  /// Open round and square brackets of the condition.
  private var depth = 0
  private var length = 0
  /// The word so far, no longer than the longest one that matters; nil for a longer one.
  private var word: String? = ""
  private var lines = BlankLineReader()

  public init() {}

  public mutating func read(_ scalar: Unicode.Scalar) -> Bool {
    let isBlankLine = lines.endsBlankLine(scalar)
    if case .outside = state {
      if !scalar.isWordPart, let word, ["if", "elif", "elsif"].contains(word) {
        state = .before
        (depth, length) = (0, 0)
      }
    }
    readWord(scalar)
    readCondition(scalar)
    length += 1
    if isBlankLine || length > Self.limit { state = .outside }
    if case .outside = state { return false }
    return true
  }

  private mutating func readWord(_ scalar: Unicode.Scalar) {
    if !scalar.isWordPart {
      if word != "" { word = "" }
    } else if let letters = word {
      word = letters.utf8.count < 5 ? letters + String(Character(scalar)) : nil
    }
  }

  private mutating func readCondition(_ scalar: Unicode.Scalar) {
    if case .before = state, !scalar.isBlank { state = .inside(isBracketed: scalar == "(") }
    guard case .inside(let isBracketed) = state else { return }
    switch scalar {
    case "(", "[": depth += 1
    case ")", "]":
      depth -= 1
      if depth < 0 || (depth == 0 && isBracketed) { state = .outside }
    case "{", ":", ";": if depth == 0 { state = .outside }
    case "\n": if !isBracketed { state = .outside }
    default: break
    }
  }
}
