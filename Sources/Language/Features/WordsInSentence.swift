/// How many words of its sentence have begun.
///
///     Go on. "No," 3.5 it is.
///     11122200111112233444555
///
/// A sentence ends with the white space after `.`, `!`, `?` or `…`, closing quotes and brackets in between
/// left out; with `。`, `！` or `？` itself; and with a blank line. The full stop of "Mr. " ends one, too.
public struct WordsInSentence: CausalFeature {
  public var name: String { "words_in_sentence" }
  public var summary: String {
    "how many words of the sentence have begun; it ends after . ! ? or at a blank line"
  }
  private var count = 0
  private var isAfterStop = false
  private var words = WordReader()
  private var lines = BlankLineReader()

  public init() {}

  public mutating func read(_ scalar: Unicode.Scalar) -> Int {
    words.read(scalar)
    if words.position == 1 { count += 1 }
    if lines.endsBlankLine(scalar) || (isAfterStop && scalar.isSpace) { end() }
    switch scalar {
    case ".", "!", "?", "…": isAfterStop = true
    case "。", "！", "？": end()
    case "\"", "'", "”", "’", "»", ")", "]": break
    default: isAfterStop = false
    }
    return count
  }

  private mutating func end() {
    count = 0
    isAfterStop = false
  }
}
