/// Whether the character is inside a string of program text: double quotes on one line, with escapes.
///
///     print("a \"b\"", c)
///     ......########.....
public struct InsideString: CausalFeature {
  public var name: String { "inside_string" }
  public var summary: String { "inside a string literal in double quotes, with escapes; ends with the line" }
  private var lexer = CodeLexer()

  public init() {}

  public mutating func read(_ scalar: Unicode.Scalar) -> Bool { lexer.read(scalar) == .string }
}
