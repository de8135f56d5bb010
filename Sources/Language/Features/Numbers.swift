/// Whether the character is a digit, or the `x` or a digit of a hexadecimal number.
///
///     a 12.5 0x1F g
///     ..##.#.####..
///
/// A full stop after a digit may as well end the sentence, and does not count.
public struct InsideNumber: CausalFeature {
  public var name: String { "inside_number" }
  public var summary: String { "a digit, or part of a hexadecimal number 0x…" }

  private enum State: Sendable { case outside, zero, decimal, hexadecimal }
  private var state = State.outside
  private var isAfterWordPart = false

  public init() {}

  public mutating func read(_ scalar: Unicode.Scalar) -> Bool {
    defer { isAfterWordPart = scalar.isWordPart }
    switch state {
    case .zero where scalar == "x" || scalar == "X": state = .hexadecimal
    case .hexadecimal where scalar.isHexadecimalDigit: break
    default:
      state = !scalar.isDigit ? .outside : scalar == "0" && !isAfterWordPart ? .zero : .decimal
    }
    return state != .outside
  }
}

/// Whether the character is inside a number such as that of a verse, `12:3`, or of a time: from the colon
/// after one to three digits on, through the digits that follow it.
///
///     In 12:3 or 1234:5
///     .....##..........
public struct VerseNumber: CausalFeature {
  public var name: String { "verse_number" }
  public var summary: String { "from the colon of a number such as 12:3 on, to its last digit" }

  private var isInside = false
  /// Digits in a row; those of a longer word or number do not count.
  private var digits = 0
  private var isAfterWordPart = false

  public init() {}

  public mutating func read(_ scalar: Unicode.Scalar) -> Bool {
    defer { isAfterWordPart = scalar.isWordPart }
    if scalar.isDigit {
      digits = isAfterWordPart && digits == 0 ? 0 : digits + 1
    } else {
      isInside = scalar == ":" && (1...3).contains(digits)
      digits = 0
    }
    return isInside
  }
}
