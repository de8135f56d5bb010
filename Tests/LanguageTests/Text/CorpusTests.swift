import Language
import Testing

@Suite("Texts in parts")
struct CorpusTests {
  @Test func partsFollowEachOther() {
    let parts = TextParts(count: 1003, validation: 5, test: 10)
    #expect(parts.training == 0..<853)
    #expect(parts.validation == 853..<903)
    #expect(parts.test == 903..<1003)
  }

  @Test func everyCharacterIsInTheVocabulary() throws {
    let corpus = try Corpus(charactersOf: "aaaaaaaaaaaaaaaaaab", validation: 10, test: 10)
    #expect(corpus.vocabulary.tokens == ["a", "b"])
    #expect(corpus.tokens.last == 1)
    #expect(corpus.unknownShare(of: corpus.parts.test) == 0)
  }

  @Test func theMostFrequentWordsOfTheTrainingPartAreTheVocabulary() throws {
    // Of twenty words the last four are held out, where all are "z".
    let text = "b b b a a a c c d d e f g h i j z z z z"
    let corpus = try Corpus(wordsOf: text, limit: 4, validation: 10, test: 10)
    #expect(corpus.vocabulary.tokens == ["<unk>", "a", "b", "c"])
    #expect(corpus.tokens[..<8] == [2, 2, 2, 1, 1, 1, 3, 3])
    #expect(corpus.unknownShare(of: corpus.parts.test) == 1)
    #expect(corpus.unknownShare(of: corpus.parts.training) == 0.5)
  }

  @Test func refusesATextOfNothing() {
    #expect(throws: CorpusError.empty) { try Corpus(charactersOf: "", validation: 10, test: 10) }
    #expect(throws: CorpusError.empty) { try Corpus(wordsOf: " \n ", limit: 9, validation: 10, test: 10) }
  }
}
