import Testing
import TextFiles

@Suite("Aligned rows") struct AlignedRowsTests {
  private let rows = [
    ["cell", "rate (decades/step)", "against reference", "seeds"],
    ["rnn", "-0.4951 ± 0.012", "reference", "10"],
    ["lstm, forget bias 1", "-0.1321 ± 0.0031", "+0.363 ± 0.02", "8 of 10 (2 exactly zero)"],
  ]

  private func lines(_ width: Int?) -> [Substring] {
    AlignedRows.text(rows, width: width).split(separator: "\n", omittingEmptySubsequences: false)
  }

  @Test func rowsAreAsWideAsTheyAreWhereThereIsRoom() {
    #expect(lines(nil) == lines(89))
    #expect(
      lines(nil).first == "  cell                 rate (decades/step)  against reference  seeds")
    #expect(lines(nil).count == 4)
  }

  @Test func titlesBreakBeforeCellsDo() {
    #expect(
      lines(84) == [
        "                       rate",
        "  cell                 (decades/step)    against reference  seeds",
        "  rnn                  -0.4951 ± 0.012   reference          10",
        "  lstm, forget bias 1  -0.1321 ± 0.0031  +0.363 ± 0.02      8 of 10 (2 exactly zero)",
        "",
      ])
  }

  @Test(arguments: [20, 24, 30, 40, 50, 60, 70, 80])
  func noLineIsLongerThanThereIsRoomAndNoNumberIsParted(_ width: Int) {
    let text = AlignedRows.text(rows, width: width)
    for line in lines(width) { #expect(line.count <= max(width, 2 + 6 + 2 + 16), "\(line)") }
    for number in ["-0.4951 ± 0.012", "-0.1321 ± 0.0031", "+0.363 ± 0.02"] {
      #expect(text.components(of: number) == 1, "\(text)")
    }
    // Every word is there, in the order of its cell.
    for word in ["cell", "(decades/step)", "reference", "seeds", "zero)", "forget", "8"] {
      #expect(text.contains(word), "\(text)")
    }
  }

  @Test func whatDoesNotFitFollowsBesideTheFirstColumn() {
    let text = AlignedRows.text(rows, width: 40)
    #expect(text.components(of: "cell") > 1, "\(text)")
    #expect(text.components(of: "lstm,") == text.components(of: "cell"))
    #expect(text.contains("\n\n"))
  }

  @Test func theFirstColumnStaysWholeWhereItLeavesHalfOfTheRoom() {
    #expect(lines(40).filter { $0.hasPrefix("  lstm, forget bias 1") }.count == 3)
    #expect(!lines(30).contains { $0.hasPrefix("  lstm, forget bias 1") })
  }

  @Test func aParagraphKeepsNumbersWithTheirUnits() {
    #expect(WrappedText.paragraph("below 1 % it is idle", width: 8) == "below\n1 % it\nis idle")
    #expect(WrappedText.paragraph("  → a b c", indent: "    ", width: 8) == "  → a\n    b c")
    #expect(WrappedText.paragraph("a long line", width: nil) == "a long line")
  }

  @Test func aRowMayBeShort() {
    #expect(AlignedRows.text([["a", "b"], ["c"]]) == "  a  b\n  c\n")
    #expect(AlignedRows.text([], width: 10) == "")
  }
}

extension String {
  /// How often a text occurs.
  fileprivate func components(of text: String) -> Int { ranges(of: text).count }
}
