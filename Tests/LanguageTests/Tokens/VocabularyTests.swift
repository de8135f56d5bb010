import Language
import Testing

@Suite("Vocabularies")
struct VocabularyTests {
  @Test func charactersAreInCodePointOrder() throws {
    let vocabulary = Vocabulary(charactersOf: "hello\n é".unicodeScalars)
    #expect(vocabulary.tokens == ["\n", " ", "e", "h", "l", "o", "é"])
    #expect(try vocabulary.encode("hole") == [3, 5, 4, 2])
    #expect(vocabulary.text(of: [3, 2, 4, 4, 5]) == "hello")
    #expect(vocabulary.name(of: 0) == "\\n")
    #expect(vocabulary.name(of: 1) == "␣")
  }

  @Test func anUnknownCharacterIsNamedWithItsPlace() {
    let vocabulary = Vocabulary(charactersOf: "ab\n".unicodeScalars)
    #expect(throws: VocabularyError.unknownToken("z", line: 2, column: 3)) {
      try vocabulary.encode("ab\nabz")
    }
  }

  @Test func everyOtherTokenIsTheUnknownOne() throws {
    let vocabulary = try Vocabulary(.words, ["<unk>", "the", "cat"])
    #expect(vocabulary.unknown == 0)
    #expect(try vocabulary.encode("the dog, the cat") == [1, 0, 0, 1, 2])
    #expect(vocabulary.text(of: [1, 2]) == "the cat")
  }

  @Test func refusesWhatCannotBeToldApart() {
    #expect(throws: VocabularyError.duplicate("a", 0, 2)) { try Vocabulary(.characters, ["a", "b", "a"]) }
    #expect(throws: VocabularyError.notACharacter("ab", 1)) { try Vocabulary(.characters, ["a", "ab"]) }
    #expect(throws: VocabularyError.size(0)) { try Vocabulary(.characters, []) }
    // Equal as strings, but not the same characters.
    #expect(throws: Never.self) { try Vocabulary(.characters, ["\u{e9}", "e", "\u{301}"]) }
  }
}

@Suite("Text in words")
struct WordSplittingTests {
  @Test(arguments: [
    ("Don't stop, well-known!", ["Don't", "stop", ",", "well-known", "!"]),
    ("a -b c- 'd' e''f", ["a", "-", "b", "c", "-", "'", "d", "'", "e", "'", "'", "f"]),
    ("  \n\t ", []), ("", []), ("x_1 = 3.14;", ["x_1", "=", "3", ".", "14", ";"]),
    ("Füße 東京 naïve", ["Füße", "東京", "naïve"]), ("“Yes,”", ["“", "Yes", ",", "”"]),
  ])
  func splits(text: String, words: [String]) {
    #expect(WordSplitting.words(of: text).map(String.init) == words)
  }

  @Test func joinsWithSpacesWhereTheyBelong() {
    let text = "Yes (he said), don't: go!"
    #expect(WordSplitting.text(of: WordSplitting.words(of: text).map(String.init)) == text)
  }
}
