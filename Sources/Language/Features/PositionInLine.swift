/// How many characters of its line have been read: 1 at the first, 0 at the line feed, after which a line
/// begins anew. A carriage return is not counted.
public struct PositionInLine: CausalFeature {
  public var name: String { "position_in_line" }
  public var summary: String { "how many characters of the line have been read" }
  private var position = 0

  public init() {}

  public mutating func read(_ scalar: Unicode.Scalar) -> Int {
    switch scalar {
    case "\n": position = 0
    case "\r": break
    default: position += 1
    }
    return position
  }
}

/// How many characters of its paragraph have been read: 0 at the line feed of a blank line. Line feeds count,
/// carriage returns do not.
public struct PositionInParagraph: CausalFeature {
  public var name: String { "position_in_paragraph" }
  public var summary: String { "how many characters have been read since the last blank line" }
  private var position = 0
  private var lines = BlankLineReader()

  public init() {}

  public mutating func read(_ scalar: Unicode.Scalar) -> Int {
    if lines.endsBlankLine(scalar) {
      position = 0
    } else if scalar != "\r" {
      position += 1
    }
    return position
  }
}
