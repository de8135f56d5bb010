import Experiments
import Figures
import Foundation
import GradientFlow

/// Findings of a language model that are made up.
enum MadeUp {
  /// What units of gates do by their names; nothing else of the report says anything.
  static func report(
    _ cell: CellKind, layers: Int = 2, hidden: Int = 4, length: Int = 12_345,
    shares: (UnitName, Gate) -> (left: Double, right: Double) = { _, _ in (0.25, 0.5) }
  ) throws -> UnitReport {
    let units = UnitGroup.all(layers: layers, of: cell).flatMap { group in
      (0..<hidden).map { UnitName(group: group, unit: $0) }
    }
    let series: [Float] = [0, 1, 0, 0, 1, 0, 1, 1]
    var associations = try UnitAssociations(
      units: 1, length: series.count, features: [FeatureSeries(name: "made up", values: series)],
      shiftCount: 1)
    try associations.add(series, at: 0)
    return UnitReport(
      units: units, table: associations.table(), findings: [],
      correlationTimes: units.map { _ in .undefined }, gateTimes: units.map { _ in nil },
      saturation: units.map { unit in
        guard case .gate(let gate) = unit.group.quantity,
          [.input, .forget, .output, .reset, .update].contains(gate)
        else { return nil }
        return shares(unit, gate)
      }, length: length)
  }

  /// So many closing marks at a distance, and how many of them each model misses.
  struct Marks {
    var open = "(", close = ")"
    var distance: Int
    var count: Int
    var missed: [Int]
  }

  static func closing(_ all: [Marks], models: [String]) -> ClosingErrors {
    var text = ""
    var missed: [[Bool]] = []
    for marks in all {
      for k in 0..<marks.count {
        text += marks.open + String(repeating: "x", count: marks.distance - 1) + marks.close
        missed.append(marks.missed.map { k < $0 })
      }
    }
    let scalars = Array(text.unicodeScalars)
    let found = ClosingMark.all(in: scalars)
    return ClosingErrors(
      found,
      models: models.enumerated().map { m, name in
        var logs = [Double](repeating: .nan, count: scalars.count)
        for (mark, missed) in zip(found, missed) { logs[mark.place] = log(missed[m] ? 0.2 : 0.9) }
        return (name: name, logProbabilities: logs)
      })
  }

  static func findings(
    _ report: UnitReport? = nil, closing: ClosingErrors? = nil, model: String = "runs/text"
  ) throws -> LanguageFindings {
    LanguageFindings(
      model: model, text: "war_and_peace.txt", report: try report ?? self.report(.lstm), closing: closing)
  }

  static func drawing(_ findings: LanguageFindings, _ name: LanguageFigureName) throws -> FigureDrawing? {
    try LanguageFigureSet(findings, names: [name], directory: "unused").drawings().drawings.first
  }

  static func omission(_ findings: LanguageFindings, _ name: LanguageFigureName) throws -> String? {
    let set = LanguageFigureSet(findings, names: [name], directory: "unused")
    guard case .omitted(name, let reason)? = try set.drawings().omitted.first else { return nil }
    return reason
  }
}
