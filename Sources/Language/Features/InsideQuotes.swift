/// Whether the character is inside double quotes: "…", “…”, „…“ and «…». Apostrophes and single quotes are
/// none.
///
///     He said "no" twice.
///     ........###........
///
/// The opening mark is inside, the closing one is not: after it the quote is over.
///
/// A quote that is not closed must not turn the rest of the text inside out. It therefore ends at a blank
/// line, as speech that goes on in the next paragraph is opened there again, and 800 characters after its
/// mark. A straight mark right after a letter, a digit or the end of a sentence opens nothing: it closes a
/// quote that has ended already, or means inches.
public struct InsideQuotes: CausalFeature {
  public var name: String { "inside_quotes" }
  public var summary: String {
    "inside double quotes, straight or curly; ends at a blank line or after \(Self.limit) characters"
  }

  /// Characters after which a quote ends by itself.
  public static let limit = 800

  /// The mark that opened the quote.
  private var opening: Unicode.Scalar?
  private var length = 0
  private var previous: Unicode.Scalar?
  private var lines = BlankLineReader()

  public init() {}

  public mutating func read(_ scalar: Unicode.Scalar) -> Bool {
    defer { previous = scalar }
    if lines.endsBlankLine(scalar) { opening = nil }
    if let mark = opening {
      length += 1
      if Self.closes(scalar, mark) || length > Self.limit { opening = nil }
    } else if opens(scalar) {
      opening = scalar
      length = 0
    }
    return opening != nil
  }

  private func opens(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "“", "„", "«": return true
    case "\"":
      guard let previous else { return true }
      return !(previous.isWordPart || [".", "!", "?", "…"].contains(previous))
    default: return false
    }
  }

  /// Whether a character ends the quote of a mark.
  private static func closes(_ scalar: Unicode.Scalar, _ mark: Unicode.Scalar) -> Bool {
    switch mark {
    case "“": return scalar == "”"
    case "„": return scalar == "“" || scalar == "”"
    case "«": return scalar == "»"
    default: return scalar == "\""
    }
  }
}
