/// Finds text that takes long to compare: the standard library sorts the combining characters after a letter one by
/// one, in time that grows with the square of their number.
package enum CombiningRun {
  /// The most in a row; text that is safe to stream has up to 30 (Unicode Standard Annex #15).
  package static let limit = 256

  /// - Throws: ``SpecificationError`` of kind `tooLarge` about the character that exceeds the limit.
  package static func check(
    _ text: String, in place: SpecificationError.Place
  ) throws(SpecificationError) {
    guard let (line, column) = excess(in: text) else { return }
    throw SpecificationError(
      .tooLarge, at: place.at(line: line, column: column),
      "more than \(limit) combining characters or escapes in a row")
  }

  /// Line and column of that character; nil if there is none.
  ///
  /// Escapes, as `\u0301` and `%CC%81`, count like what they may stand for; blanks and line ends between them do not
  /// end a run, because the reader may drop them.
  private static func excess(in text: String) -> (line: Int, column: Int)? {
    guard text.utf8.contains(where: { $0 >= 0x80 || $0 == UInt8(ascii: "\\") || $0 == UInt8(ascii: "%") })
    else { return nil }
    var (line, column, count, payload) = (1, 0, 0, 0)
    var previous: Unicode.Scalar = " "
    for scalar in text.unicodeScalars {
      column += 1
      if scalar == "\n" {
        (line, column, payload) = (line + 1, 0, 0)
      } else if payload > 0 {
        payload -= 1
        if previous == "\\" { payload += digits(after: scalar) }
      } else if scalar == "\\" || scalar == "%" {
        payload = scalar == "%" ? 2 : 1
        count += 1
      } else if scalar != " " && scalar != "\t" && scalar != "\r" {
        let combines = scalar.value >= 0x300 && scalar.properties.canonicalCombiningClass != .notReordered
        count = combines ? count + 1 : 0
      }
      if count > limit { return (line, column) }
      previous = scalar
    }
    return nil
  }

  /// The hexadecimal digits of an escape with this letter.
  private static func digits(after letter: Unicode.Scalar) -> Int {
    switch letter {
    case "x": return 2
    case "u": return 4
    case "U": return 8
    default: return 0
    }
  }
}
