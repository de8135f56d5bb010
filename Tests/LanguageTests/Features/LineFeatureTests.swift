import Language
import Testing

@Suite("Lines and paragraphs")
struct LineFeatureTests {
  @Test func positionInLineBeginsAnewAfterLineFeeds() {
    #expect(marks("position_in_line", "abc\nd\n\nef") == "123010012")
    // A carriage return is not counted, a combining accent is a character.
    #expect(marks("position_in_line", "a\r\nb\r\n") == "110110")
    #expect(marks("position_in_line", "e\u{301}x") == "123")
  }

  @Test func lineEndNearLooksAhead() {
    #expect(marks("line_end_near", "abcdef\ngh") == ".#####...")
    #expect(marks(LineEndNear(within: 1), "ab\n\nc\n") == ".##.#.")
    #expect(marks(LineEndNear(within: 2), "abc") == "...")
    #expect(marks(LineEndNear(within: 2), "abc\r\n") == "..##.")
  }

  @Test func positionInParagraphBeginsAnewAfterBlankLines() {
    #expect(marks("position_in_paragraph", "ab\nc\n\nde") == "12345012")
    #expect(marks("position_in_paragraph", "a\r\n\r\nb") == "112201")
    #expect(marks("position_in_paragraph", "a\n \t\nb") == "123401")
  }
}
