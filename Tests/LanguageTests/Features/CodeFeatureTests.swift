import Language
import Testing

@Suite("Features of programs")
struct CodeFeatureTests {
  @Test func stringsHaveEscapesAndEndWithTheirLine() {
    let cases = [
      ("f(\"a \\\"b\\\"\", c)", "..########....."),
      ("\"\\\\\" a", "###..."),
      // Not closed: it ends with the line, and an escape at the end does not carry it on.
      ("\"a\nb\"c\n", "##..##."),
      ("\"a\\\nb", "###.."),
      // Literals of one character, and comments, have quotes that open nothing.
      ("'\"' + \"a\"", "......##."),
      ("'\\\"' \"a\"", ".....##."),
      ("// \"a\"\n\"b\"", ".......##."),
      ("/* \" */ \"b\"", "........##."),
      ("\"http://a\" b", "#########..."),
    ]
    for (text, expected) in cases { #expect(marks("inside_string", text) == expected, "\(text)") }
  }

  @Test func commentsBeginAtTheirSecondCharacter() {
    let cases = [
      ("x = 1; // one\ny", "........#####.."),
      ("a /* b */ c", "...#####..."),
      ("/*/ a */ b", ".######..."),
      ("/** a **/*b", ".#######..."),
      ("/* a\n\nb */", ".########."),
      // In a string, in an address, in a pattern of files.
      ("\"//\" \"/*\" a", "..........."),
      ("http://a.org b", ".............."),
      ("src/*.c ./*.h", "............."),
      // The first character of the line that is no blank.
      ("  # a\nb # c", "...##......"),
      ("#!/bin/sh\n## a\n", ".########..###."),
      ("#include <a>\n#\nb", "................"),
    ]
    for (text, expected) in cases { #expect(marks("inside_comment", text) == expected, "\(text)") }
  }

  @Test func aBlockCommentThatIsNotClosedEndsByItself() {
    let text = "/*" + String(repeating: " word\n", count: 2000)
    #expect((3000...5000).contains(held("inside_comment", text)))
    #expect(marks("inside_comment", text + "a // b").hasSuffix("...###"))
  }

  @Test func singleQuotedLiteralsStandWhereValuesDo() {
    let cases = [
      ("x = 'it' + f('a', 'b')", "....###......##...##.."),
      ("x = 'a\\'b' c", "....#####..."),
      ("{\n'k': 'v'}", "..##...##.."),
      ("x = 'a\nb'", "....##..."),
      // Apostrophes, quotations, comments and strings of the other kind.
      ("don't, 'tis: 'so'", "................."),
      ("// x = 'a'\n", "..........."),
      ("\"x = 'a'\" 'b'", "............."),
      ("x = 'a \"b' + 'c'", "....#####....##."),
    ]
    for (text, expected) in cases { #expect(marks("inside_single_quoted", text) == expected, "\(text)") }
  }

  @Test func conditionsEndAtTheirBracketBraceColonOrLine() {
    let cases = [
      ("if (a(b) > 0) c;", "..##########...."),
      ("if a[1:2] { c }", "..########....."),
      ("elif x: y", "....##..."),
      ("else if(a\n&& b) c", ".......#######..."),
      ("if f(x) and g(y): z", "..##############..."),
      ("if [ a ]; then", "..######......"),
      ("#if A\nb", "...##.."),
      // Other words, and a bracket that closes more than the condition opened.
      ("iff a, gif b, if_c d, ifs e", "..........................."),
      ("(x if y) z", ".....##..."),
      ("if", ".."), ("if\n(a)", "......"),
    ]
    for (text, expected) in cases { #expect(marks("inside_condition", text) == expected, "\(text)") }
  }

  @Test func aConditionThatIsNotClosedEndsByItself() {
    let word = String(repeating: "word ", count: 400)
    #expect(held("inside_condition", "if (" + word) == InsideCondition.limit)
    #expect(marks("inside_condition", "if (a\n\nb") == "..####..")
  }

  @Test func indentationIsThatOfTheLeadingBlanks() {
    #expect(marks("indentation", "  a b\nc\n\td\n  \te\n") == "1222200088012880")
    #expect(marks("indentation", "  a\r\n\r\n b") == "122200011")
    // A tab goes on to the next multiple of 8.
    #expect(Indentation().values(of: Array("\t\tx".unicodeScalars)) == [8, 16, 16])
  }
}
