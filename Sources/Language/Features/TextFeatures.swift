/// The features that are known by name.
///
/// To add one, write a type that conforms to ``CausalFeature``, or to ``TextFeature`` if it looks ahead, and
/// put it into the list.
public enum TextFeatures {
  /// All of them, in the order of tables.
  public static let all: [any TextFeature] = [
    InsideQuotes(), InsideString(), InsideSingleQuotedLiteral(), InsideComment(),
    InsideBrackets(.round), InsideBrackets(.square), InsideBrackets(.curly), BracketDepth(),
    InsideTag(), InsideLink(), InsideURL(), InsideCondition(),
    PositionInLine(), LineEndNear(), Indentation(), PositionInParagraph(), WordsInSentence(),
    WordStart(), PositionInWord(), CapitalRun(), InsideNumber(), VerseNumber(),
    InCharacterClass(.space), InCharacterClass(.punctuation), InCharacterClass(.capital),
  ]

  /// The feature of a name; nil if there is none.
  public static func named(_ name: String) -> (any TextFeature)? { all.first { $0.name == name } }
}
