/// Whether the character is inside a tag of a markup language, `<p class="a">`.
///
///     a <b>c</b> < d
///     ...#...##.....
///
/// A tag begins at the letter, `/`, `!` or `?` that follows a `<`: before that it may be a comparison. It
/// ends at `>`, or where it cannot be one: at a brace, a semicolon, a blank line or after 500 characters.
/// Types such as `Array<Int>` count.
public struct InsideTag: CausalFeature {
  public var name: String { "inside_tag" }
  public var summary: String {
    "inside a tag <…>; ends at a brace, a semicolon or after \(Self.limit) characters"
  }

  /// Characters after which a tag ends by itself.
  public static let limit = 500

  private var isInside = false
  private var length = 0
  private var previous: Unicode.Scalar = "\n"
  private var lines = BlankLineReader()

  public init() {}

  public mutating func read(_ scalar: Unicode.Scalar) -> Bool {
    let isBlankLine = lines.endsBlankLine(scalar)
    if isInside {
      length += 1
      if isBlankLine || [">", "<", ";", "{", "}"].contains(scalar) || length >= Self.limit {
        isInside = false
      }
    } else if previous == "<", scalar.isLetter || ["/", "!", "?"].contains(scalar) {
      isInside = true
      length = 0
    }
    previous = scalar
    return isInside
  }
}
