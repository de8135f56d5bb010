import Experiments
import Figures
import Foundation
import GradientFlow
import Testing

@Suite("The figure of saturated gates") struct SaturationFigureTests {
  private func drawing(_ report: UnitReport) throws -> FigureDrawing {
    try #require(try MadeUp.drawing(try MadeUp.findings(report), .saturation))
  }

  @Test(arguments: [(CellKind.lstm, ["i", "f", "o"]), (.gru, ["r", "z"])])
  func holdsEveryUnitOfEveryGate(cell: CellKind, gates: [String]) throws {
    let report = try MadeUp.report(cell) { unit, gate in
      (0.1 * Double(unit.unit), gate == .forget ? 0.5 : 0.01 * Double(unit.group.layer))
    }
    let drawing = try drawing(report)
    let found = rows(ofCSV: drawing.table.csv)
    #expect(found.map { $0["gate"] ?? "" }.distinct == gates)
    let expected = zip(report.units, report.saturation).compactMap { unit, shares -> [String]? in
      guard let shares else { return nil }
      return [
        unit.group.quantity.symbol, "\(unit.group.layer)", "\(unit.unit)", eight(shares.left),
        eight(shares.right),
      ]
    }
    let names = ["gate", "layer", "unit", "left_saturated", "right_saturated"]
    #expect(drawing.table.columns == names)
    #expect(Set(found.map { row in names.map { row[$0] ?? "" } }) == Set(expected))
    #expect(found.count == expected.count)
    // A panel a gate, in each of them the points of each layer.
    #expect(drawing.plot.panels.map { $0.title.suffix(1) } == gates.map { $0[...] })
    for panel in drawing.plot.panels {
      #expect(panel.isSquare && panel.x.low == panel.y.low && panel.x.high == panel.y.high)
      let points = panel.marks.filter { if case .points = $0.form { true } else { false } }
      #expect(points.map(\.style).distinct.count == 2)
      for mark in points {
        #expect(mark.x.column == "left_saturated" && mark.y.column == "right_saturated")
      }
    }
  }

  private func eight(_ value: Double) -> String { CSVField.number(Double(String(format: "%.8g", value))) }

  @Test func countsTheUnitsThatKeepTheirState() throws {
    let report = try MadeUp.report(.lstm, hidden: 100) { unit, gate in
      guard gate == .forget else { return (0.25, 0.5) }
      // Exactly 90 % is not more.
      let open = unit.group.layer == 0 ? 3 : 20
      return unit.unit < open ? (0, 0.95) : unit.unit == 50 ? (0.91, 0) : (0.1, 0.9)
    }
    let drawing = try drawing(report)
    #expect(
      drawing.plot.statement.hasPrefix(
        "f is open more than 90 % of the time in 23 of 200 units, near-perfect integrators (layer 0: 3, layer 1: 20), "
          + "and shut as long in 2. Share of all units and steps: i shut 25 %, open 50 %; f shut "))
    #expect(drawing.plot.statement.hasSuffix("; o shut 25 %, open 50 %"))
    let notes = drawing.plot.panels.map(\.notes)
    #expect(notes[1] == ["23 open > 90 %", "2 shut > 90 %"])
    #expect(notes[0] == ["0 open > 90 %", "0 shut > 90 %"])
    #expect(drawing.script.contains("'23 open > 90 %'"))
    #expect(
      drawing.plot.caption.parts.prefix(3) == [
        "model runs/text", "text war\\_and\\_peace.txt", "12,345 characters",
      ])
  }

  @Test func aGRUKeepsItsHiddenState() throws {
    let few = try drawing(MadeUp.report(.gru) { unit, _ in unit.unit == 0 ? (0, 0.99) : (0.5, 0.25) })
    #expect(
      few.plot.statement.hasPrefix(
        "z is open more than 90 % of the time in 2 of 8 units, which keep h_t nearly unchanged (layer 0: 1, layer 1: 1), "
          + "and shut as long in none. "))
    let none = try drawing(MadeUp.report(.gru))
    #expect(
      none.plot.statement.hasPrefix(
        "z is open more than 90 % of the time in none of 8 units, and shut as long in none. "))
  }

  @Test func aLayerAloneHasNoName() throws {
    let single = try drawing(MadeUp.report(.lstm, layers: 1) { _, _ in (0, 1) })
    #expect(single.plot.legend.first?.title == "a unit")
    #expect(!single.plot.statement.contains("layer"))
    let many = try drawing(
      MadeUp.report(.lstm, layers: 6) { unit, _ in
        unit.unit < (unit.group.layer == 4 ? 3 : 1) ? (0, 1) : (1, 0)
      })
    #expect(many.plot.legend.prefix(6).map(\.title) == (0..<6).map { "layer \($0)" })
    #expect(Set(many.plot.legend.prefix(6).map(\.style)).count == 6)
    // Points tell layers apart where there are no colours.
    #expect(Set(many.plot.legend.prefix(6).map(\.style.point)).count == 6)
    #expect(many.plot.statement.contains("(most in layer 4: 3), and shut as long in 16. "))
  }

  /// No unit can be both shut and open: the notes stand where none is.
  @Test func theNotesCoverNoUnit() throws {
    let report = try MadeUp.report(.lstm, hidden: 60) { unit, _ in
      let shut = Double(unit.unit) / 59
      return (shut, 1 - shut)
    }
    let script = try drawing(report).script
    let labels = script.matches(of: /set label '\d+ open > 90 %' at graph ([\d.]+), graph ([\d.]+) (\w+)/)
    #expect(labels.count == 3)
    for label in labels { #expect(label.1 == "0.98" && label.3 == "right" && (Double(label.2) ?? 0) > 0.8) }
  }

  @Test func manyUnitsAreThinnedAndTheCaptionSaysSo() throws {
    let drawing = try drawing(MadeUp.report(.lstm, layers: 2, hidden: 3000))
    #expect(rows(ofCSV: drawing.table.csv).count == 3 * 4000)
    #expect(drawing.plot.caption.parts.contains("4000 of 6000 units of each gate drawn"))
    #expect(drawing.plot.statement.contains("of 6000 units"))
  }

  @Test(arguments: [CellKind.rnn, .rnnRelu, .rnnLinear]) func aCellWithoutGatesHasNoFigure(cell: CellKind)
    throws
  {
    let findings = try MadeUp.findings(MadeUp.report(cell))
    #expect(
      try MadeUp.omission(findings, .saturation)
        == "the cell has no gates between 0 and 1, which could be shut or open")
  }
}
