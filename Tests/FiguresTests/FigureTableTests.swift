import Figures
import Testing

@Suite struct FigureTableTests {
  @Test func partsBlocksByTwoBlankLines() {
    var table = FigureTable(columns: ["lag", "log10_median"])
    #expect(table.append([["0", "1"], ["1", "-inf"]]) == 0)
    #expect(table.append([["0", "2"]]) == 1)
    #expect(table.csv == "lag,log10_median\n0,1\n1,-inf\n\n\n0,2\n")
  }
}
