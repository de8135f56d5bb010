import Language
import Testing

@Suite("Quotes of prose")
struct QuoteFeatureTests {
  @Test func quotesBeginAtTheirMarkAndEndBeforeTheClosingOne() {
    let cases = [
      ("He said \"no\" twice.", "........###........"),
      ("“Ja,” «oui»", "####..####."),
      ("„Ja“ und „ja”", "###......###."),
      // A mark of another kind neither closes nor opens.
      ("\"a “b” c\" d", "########..."),
      ("“a \"b\" c” d", "########..."),
      ("(\"a\",\"b\")", ".##..##.."),
      ("\"\" x", "#..."),
    ]
    for (text, expected) in cases { #expect(marks("inside_quotes", text) == expected, "\(text)") }
  }

  @Test(arguments: ["don't 'say' it’s ‘so’", "6\" by 4\" wide", "", "no quotes"])
  func apostrophesAndInchesAreNoQuotes(text: String) {
    #expect(held("inside_quotes", text) == 0)
  }

  // Speech that goes on in the next paragraph is opened again there.
  @Test(arguments: ["\n\n", "\r\n\r\n", "\n \t\n"])
  func aBlankLineEndsAQuote(blank: String) {
    let after = marks("inside_quotes", "\"a b" + blank + "c \"d\" e")
    #expect(after.hasPrefix("####") && after.hasSuffix("..##..."))
    // One line feed does not.
    #expect(marks("inside_quotes", "\"a\nb\" c") == "####...")
  }

  @Test func aQuoteThatIsNotClosedEndsByItself() {
    let word = String(repeating: "word ", count: 400)
    #expect(held("inside_quotes", "\"" + word) == InsideQuotes.limit + 1)
    // The mark that would have closed it opens none.
    let late = "“" + word + "end” \"a\" b"
    #expect(marks("inside_quotes", late).hasSuffix("..##..."))
    #expect(held("inside_quotes", "\"" + word + "end.\" " + word) == InsideQuotes.limit + 1)
  }
}
