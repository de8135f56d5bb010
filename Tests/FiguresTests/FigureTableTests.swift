import Figures
import Testing

@Suite struct FigureTableTests {
  @Test func partsBlocksByTwoBlankLines() throws {
    var table = FigureTable(columns: ["lag", "log10_median"])
    let appended = table.append([[Field(0), Field(1.0)], [Field(1), Field(-.infinity)]])
    let first = try #require(appended)
    #expect((first.index, first.rows) == (0, 2))
    let second = table.append([[Field(0), Field(2.5)]])
    #expect(second?.index == 1)
    #expect(table.csv == "lag,log10_median\n0,1\n1,-inf\n\n\n0,2.5\n")
    #expect(table.values("log10_median", of: first) == [1, -.infinity])
  }

  @Test func noRowsAreNoBlock() {
    var table = FigureTable(columns: ["lag"])
    let none = table.append([])
    #expect(none == nil)
    #expect(table.csv == "lag\n")
  }

  @Test func fieldsAreQuotedWhereTheyHaveTo() {
    #expect(Field("a, b").csv == "\"a, b\"")
    #expect(Field(ofCSV: "\"a, \"\"b\"\"\"") == .text("a, \"b\""))
    #expect(Field.none.csv == "" && Field(ofCSV: "") == .none)
    #expect(Field.drawn(1 / 3).csv == "0.33333333")
  }
}
