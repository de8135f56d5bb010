/// How many brackets are open, round, square and curly ones together.
///
///     f(a[1], {b})
///     011221112210
///
/// See ``InsideBrackets`` for where brackets end that nothing closes.
public struct BracketDepth: CausalFeature {
  public var name: String { "bracket_depth" }
  public var summary: String { "how many brackets are open: (), [] and {} together" }
  private var brackets = BracketNesting()

  public init() {}

  public mutating func read(_ scalar: Unicode.Scalar) -> Int {
    brackets.read(scalar)
    return brackets.depth
  }
}

/// Whether the character is inside brackets of one kind, whatever else is open.
///
///     (a {b} c) d
///     #########..    round: the opening bracket is inside, the closing one is not
///
/// A bracket that nothing closes ends at a blank line, or 1,000 characters after it; a brace, and what
/// encloses an open brace, 20,000 characters after it, for blocks of programs have blank lines in them.
public struct InsideBrackets: CausalFeature {
  public let bracket: BracketKind
  private var brackets = BracketNesting()

  public init(_ bracket: BracketKind) { self.bracket = bracket }

  public var name: String {
    switch bracket {
    case .round: return "inside_parentheses"
    case .square: return "inside_square_brackets"
    case .curly: return "inside_braces"
    }
  }

  public var summary: String {
    switch bracket {
    case .round: return "inside (); ends at a blank line or after \(BracketNesting.limit) characters"
    case .square: return "inside []; ends at a blank line or after \(BracketNesting.limit) characters"
    case .curly: return "inside {}; ends after \(BracketNesting.curlyLimit) characters"
    }
  }

  public mutating func read(_ scalar: Unicode.Scalar) -> Bool {
    brackets.read(scalar)
    return brackets.count(bracket) > 0
  }
}
