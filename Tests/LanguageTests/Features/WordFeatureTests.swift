import Language
import Testing

@Suite("Words, sentences and numbers")
struct WordFeatureTests {
  @Test func wordsHoldApostrophesAndDigits() {
    #expect(marks("word_start", "don't go2") == "#.....#..")
    #expect(marks("position_in_word", "don't go2") == "123450123")
    #expect(marks("position_in_word", "'tis a-b c_d") == "012301010123")
    // Letters of any script, combining marks; CJK is not cut into words.
    #expect(marks("position_in_word", "e\u{301}t日本 ñ") == "1234501")
    #expect(marks("word_start", "🇨🇭 a") == "...#")
  }

  @Test func sentencesEndAfterTheirStop() {
    #expect(marks("words_in_sentence", "Go on. \"No,\" 3.5 it is.") == "11122200111112233444555")
    // A closing quote belongs to the sentence; the white space after it ends it.
    #expect(marks("words_in_sentence", "a b.\" c") == "1122201")
    #expect(marks("words_in_sentence", "a? b! c… d") == "1101101101")
    #expect(marks("words_in_sentence", "a b\n\nc\nd") == "11220112")
    #expect(marks("words_in_sentence", "日本。次！") == "11010")
  }

  @Test func capitalRunsBeginAtTheSecond() {
    #expect(marks("capital_run", "A NASA Lab ÄÖ x") == "...###......#..")
    #expect(marks("capital_run", "") == "")
  }

  @Test func numbersAreDecimalOrHexadecimal() {
    #expect(marks("inside_number", "a 12.5 0x1F g") == "..##.#.####..")
    #expect(marks("inside_number", "10x 0y 0xg a0x1") == "##..#..##...#.#")
    #expect(marks("inside_number", "٣٤ x") == "##..")
  }

  @Test func versesBeginAtTheirColon() {
    #expect(marks("verse_number", "In 12:3 or 1234:5") == ".....##..........")
    #expect(marks("verse_number", "a1:2 x:1 1: 2 12:30:45") == "..........#.....######")
  }

  @Test func classesAreOfTheCharacterItself() {
    #expect(marks("space", "a b\t\n\r\u{A0}") == ".#.####")
    #expect(marks("punctuation", "a, (b) = “c”_1$") == ".#.#.#.#.#.##.#")
    #expect(marks("capital", "aBÇd") == ".##.")
  }
}
