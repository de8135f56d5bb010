/// Finds words: letters, digits, low lines and combining marks, and apostrophes right after one of them.
struct WordReader: Sendable {
  /// How many characters of the word have been read; 0 between words.
  private(set) var position = 0

  mutating func read(_ scalar: Unicode.Scalar) {
    let isInside = scalar.isWordPart || (position > 0 && (scalar == "'" || scalar == "’"))
    position = isInside ? position + 1 : 0
  }
}

/// Whether the character is the first of a word.
///
///     don't go2
///     #.....#..
public struct WordStart: CausalFeature {
  public var name: String { "word_start" }
  public var summary: String { "the first character of a word" }
  private var words = WordReader()

  public init() {}

  public mutating func read(_ scalar: Unicode.Scalar) -> Bool {
    words.read(scalar)
    return words.position == 1
  }
}

/// How many characters of its word have been read; 0 between words.
///
///     don't go2
///     123450123
public struct PositionInWord: CausalFeature {
  public var name: String { "position_in_word" }
  public var summary: String { "how many characters of the word have been read; 0 between words" }
  private var words = WordReader()

  public init() {}

  public mutating func read(_ scalar: Unicode.Scalar) -> Int {
    words.read(scalar)
    return words.position
  }
}
