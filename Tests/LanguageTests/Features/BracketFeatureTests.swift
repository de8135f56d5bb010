import Language
import Testing

@Suite("Brackets and markup")
struct BracketFeatureTests {
  @Test func depthCountsAllKinds() {
    #expect(marks("bracket_depth", "f(a[1], {b})") == "011221112210")
    #expect(marks("bracket_depth", "") == "")
  }

  @Test func eachKindHasAFeature() {
    let text = "(a {b [c]} d) [e]"
    #expect(marks("inside_parentheses", text) == "############.....")
    #expect(marks("inside_braces", text) == "...######........")
    #expect(marks("inside_square_brackets", text) == "......##......##.")
  }

  @Test func bracketsThatDoNotMatchDoNotCarryOn() {
    let cases = [
      // Nothing to close.
      ("1) a (b)", "00000110"), ("}}](a", "00011"),
      // One that closes takes what is open inside with it.
      ("(a [b) c", "11122000"), ("{(a} b", "122000"),
      // A round one does not close over a brace.
      ("({a) b", "122222"),
      // Half-open intervals.
      ("[0, 1) a", "11111000"), ("(0, 1] a", "11111000"),
      // Literals of one character.
      ("'(' a '{'", "000000000"), ("['(', ')'] a", "111111111000"), ("x == ')' (", "0000000001"),
      // An apostrophe that ends a literal or a word.
      ("f('a') b", "01111000"), ("f(' ') b", "01111000"), ("f('') b", "0111000"),
      ("(dogs') b", "111111000"),
      // A blank line ends the round and square ones inside the last brace.
      ("{(a\n\nb", "122211"), ("(a\r\n\r\nb", "1111100"),
      // What encloses a brace goes on.
      ("({a\n\nb})", "12222210"),
    ]
    for (text, expected) in cases { #expect(marks("bracket_depth", text) == expected, "\(text)") }
  }

  @Test func bracketsThatAreNotClosedEndByThemselves() {
    let words = String(repeating: "word\n", count: 5000)
    #expect(held("inside_parentheses", "(" + words) == 1001)
    #expect(held("inside_square_brackets", "[" + words) == 1001)
    #expect(held("inside_braces", "{" + words) == 20_001)
    // A round one around a brace is as patient, and stops being so when the brace is closed.
    #expect(held("inside_parentheses", "({" + words) == 20_001)
    #expect(held("inside_parentheses", "({" + words.prefix(3000) + "}" + words) == 3003)
    // The depth is bounded.
    let depths = BracketDepth().values(of: Array(String(repeating: "{", count: 300).unicodeScalars))
    #expect(depths.max() == 100 && depths.last == 100)
  }

  @Test func tagsBeginAtTheirName() {
    let cases = [
      ("a <b>c</b> < d", "...#...##....."),
      ("<p class=\"a\">b", ".###########.."),
      ("<!-- a --> <?x?>", ".########...###."),
      ("i < n; i<n; a", ".........#..."),
      ("<a\n\nb", ".##.."),
      ("<a <b> c", ".##.#..."),
    ]
    for (text, expected) in cases { #expect(marks("inside_tag", text) == expected, "\(text)") }
    #expect(held("inside_tag", "<a" + String(repeating: " b", count: 2000)) == InsideTag.limit)
  }

  @Test func linksAreInDoubleBracketsOnOneLine() {
    #expect(marks("inside_link", "see [[a b]] c") == ".....#####...")
    #expect(marks("inside_link", "a[b[0]] c") == ".........")
    #expect(marks("inside_link", "[[a\nb]]") == ".##....")
  }

  @Test func addressesBeginAfterTheirSlashes() {
    let cases = [
      ("at http://a.org/b now", ".........########...."),
      ("(https://a.b) c", "........####..."),
      ("a:// b ://c a:/b", "...#............"),
      ("ftp://a\nb", ".....##.."),
    ]
    for (text, expected) in cases { #expect(marks("inside_url", text) == expected, "\(text)") }
  }
}
