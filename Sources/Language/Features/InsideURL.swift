/// Whether the character is inside an address such as `https://a.org/b`.
///
///     at http://a.org/b now
///     .........########....
///
/// It begins at the second slash of `://` after a letter, and ends at white space, a quote or a bracket that
/// closes or cannot be part of it.
public struct InsideURL: CausalFeature {
  public var name: String { "inside_url" }
  public var summary: String { "inside an address, after ://" }
  private var isInside = false
  /// How much of a letter and `://` the last characters are, 0–3.
  private var matched = 0

  public init() {}

  public mutating func read(_ scalar: Unicode.Scalar) -> Bool {
    if isInside {
      if scalar.isSpace || ["\"", "'", "<", ">", ")", "]", "}", "|", "”", "»"].contains(scalar) {
        isInside = false
      }
      matched = 0
    } else if matched == 3, scalar == "/" {
      isInside = true
    } else {
      matched =
        scalar.isLetter ? 1 : matched == 1 && scalar == ":" ? 2 : matched == 2 && scalar == "/" ? 3 : 0
    }
    return isInside
  }
}
