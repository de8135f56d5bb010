/// Tells the strings and comments of program text from the rest, so that a quote in a comment opens no string
/// and `//` in a string no comment.
///
/// It knows what many languages share, not one of them:
///
/// - A string is between double quotes on one line; a backslash escapes what follows. A quote after an
///   apostrophe or a backslash is a character literal, `'"'`, and opens nothing.
/// - `//` begins a comment to the end of the line, unless a colon stands before it, as in an address.
/// - `/*` begins a comment to `*/`, which ends by itself after ``blockLimit`` characters; right after a
///   letter, a digit or a dot it is a pattern of files and begins nothing.
/// - `#` begins a comment to the end of the line where it is the line's first character that is no blank and
///   a blank, `!` or another `#` follows. So `#include` is none; a heading `# Title` is one.
///
/// A division `7 // 2` is taken for a comment, and a string of three quotes for one that ends at each of its
/// lines.
struct CodeLexer: Sendable {
  /// Where in a program a character is.
  enum Region: Sendable { case code, string, lineComment, blockComment }

  /// Characters after which a block comment ends by itself: longer than a licence at the head of a file.
  static let blockLimit = 4000

  private var region = Region.code
  /// The two characters before; line feeds before the first.
  private var previous: Unicode.Scalar = "\n", beforePrevious: Unicode.Scalar = "\n"
  private var isEscaped = false
  /// Whether the line has a character that is no blank, and whether the last one is a `#` that is the first
  /// such.
  private var lineHasText = false, isAfterFirstHash = false
  private var length = 0

  /// The region after one more character: what opens it is inside, what closes it is not.
  mutating func read(_ scalar: Unicode.Scalar) -> Region {
    let wasAfterFirstHash = isAfterFirstHash
    isAfterFirstHash = scalar == "#" && !lineHasText
    if scalar == "\n" {
      lineHasText = false
    } else if !scalar.isBlank {
      lineHasText = true
    }
    switch region {
    case .code: region = opened(by: scalar, wasAfterFirstHash)
    case .string: readString(scalar)
    case .lineComment: if scalar == "\n" { region = .code }
    case .blockComment:
      length += 1
      if (scalar == "/" && previous == "*" && length > 1) || length > Self.blockLimit {
        region = .code
        // The slash belongs to this comment and begins no other.
        (beforePrevious, previous) = (" ", " ")
        return region
      }
    }
    (beforePrevious, previous) = (previous, scalar)
    return region
  }

  /// What a character in code begins.
  private mutating func opened(by scalar: Unicode.Scalar, _ isAfterFirstHash: Bool) -> Region {
    if isAfterFirstHash, scalar != "\n", scalar.isBlank || scalar == "!" || scalar == "#" {
      return .lineComment
    }
    switch scalar {
    case "\"" where previous != "'" && previous != "\\":
      isEscaped = false
      return .string
    case "/" where previous == "/" && beforePrevious != ":": return .lineComment
    case "*" where previous == "/" && !beforePrevious.isWordPart && beforePrevious != ".":
      length = 0
      return .blockComment
    default: return .code
    }
  }

  private mutating func readString(_ scalar: Unicode.Scalar) {
    if scalar == "\n" || (scalar == "\"" && !isEscaped) {
      region = .code
    } else {
      isEscaped = scalar == "\\" && !isEscaped
    }
  }
}
