/// Whether the character is inside a comment of program text: `//` and `#` to the end of the line, `/* … */`.
///
///     x = 1; // one
///     ........#####
///
/// After the first of the two characters that open it a reader cannot know of it: the comment begins at the
/// second.
public struct InsideComment: CausalFeature {
  public var name: String { "inside_comment" }
  public var summary: String {
    "inside a comment: //, or # first on its line; /* */ for at most \(CodeLexer.blockLimit) characters"
  }
  private var lexer = CodeLexer()

  public init() {}

  public mutating func read(_ scalar: Unicode.Scalar) -> Bool {
    switch lexer.read(scalar) {
    case .lineComment, .blockComment: return true
    case .code, .string: return false
    }
  }
}
