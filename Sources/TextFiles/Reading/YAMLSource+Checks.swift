extension YAMLSource {
  /// The most candidates for an alias that are handed to the parser at all.
  private static let aliasLimit = 16

  /// Throws for what would cost the parser more time or memory than the text's length warrants.
  ///
  /// The parser unfolds aliases in keys, and sorts their combining characters, when it looks for duplicates; and it
  /// compares every %TAG directive with all before it.
  func checkBeforeParsing() throws(SpecificationError) {
    try CombiningRun.check(text, in: place)
    guard text.utf8.contains(where: { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "%") }) else { return }
    let breaks: Set<Unicode.Scalar> = ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"]
    var aliases: [SpecificationError.Place] = []
    let lines = text.unicodeScalars.split(omittingEmptySubsequences: false) { breaks.contains($0) }
    for (index, line) in lines.enumerated() {
      if line.starts(with: "%TAG".unicodeScalars) {
        throw SpecificationError(
          .malformed, at: place.at(line: index + 1, column: 1), "tags (!) are not supported: %TAG")
      }
      guard line.first(where: { $0 != " " && $0 != "\t" }) != "#" else { continue }
      // Asterisks that could start an alias, outside whole-line comments.
      for (column, pair) in zip(line, line.dropFirst()).enumerated() where pair.0 == "*" && pair.1 != " " {
        aliases.append(place.at(line: index + 1, column: column + 1))
        if aliases.count > Self.aliasLimit {
          throw SpecificationError(.malformed, at: aliases[0], Self.aliasProblem)
        }
      }
    }
  }
}
