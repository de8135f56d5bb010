import Foundation
import GradientFlow
import TextFiles

/// What the units of a model keep, for people and for programs.
public struct UnitReportText {
  private let report: UnitReport
  private let features: [any TextFeature]
  /// Units that are named for a feature.
  private let limit: Int

  public init(_ report: UnitReport, features: [any TextFeature] = TextFeatures.all, limit: Int = 3) {
    (self.report, self.features, self.limit) = (report, features, limit)
  }

  /// The answer, then a table: of each feature the units that keep it best.
  public func text(width: Int?) -> String {
    let level = Brief.percent(report.table.level)
    let names = features.map(\.name).filter(report.table.features.contains)
    let kept = names.filter { !report.top(1, ofFeature: $0).isEmpty }
    let untrained = report.untrained.map {
      ", and more than the best unit of \($0.ratios.count) untrained networks of the same shape"
    }
    var text =
      WrappedText.paragraph(
        "\(report.unitsAboveChance) of \(Brief.grouped(report.units.count)) units go along with a feature of the text more "
          + "than chance explains\(untrained ?? "") (\(kept.count) of \(names.count) features; "
          + "\(Brief.grouped(report.length)) characters, chance from \(report.table.shifts.count) circular shifts, at a level "
          + "of \(level) for all units and features together).", width: width) + "\n"
    if !report.table.constantFeatures.isEmpty {
      text +=
        WrappedText.paragraph(
          "The text has none of: \(report.table.constantFeatures.joined(separator: ", ")).", width: width)
        + "\n"
    }
    let rows = names.flatMap { name in report.top(limit, ofFeature: name).map { row($0) } }
    if !rows.isEmpty {
      text += "\n" + AlignedRows.text([Self.titles] + rows, width: width)
    }
    return text
  }

  private static let titles = [
    "feature", "unit", "r²", "r", "chance r²", "AUC", "memory by gate", "memory by autocorrelation",
  ]

  private func row(_ finding: UnitReport.Finding) -> [String] {
    let place = report.units.firstIndex(of: finding.unit)
    return [
      finding.association.feature, finding.unit.label, Brief.number(finding.association.rSquared),
      Brief.number(finding.association.correlation), Brief.number(finding.chance),
      finding.auc.map { Brief.number($0) } ?? "–",
      place.flatMap { report.gateTimes[$0] }.map(Self.steps) ?? "–",
      place.map { Self.time(report.correlationTimes[$0]) } ?? "–",
    ]
  }

  private static func steps(_ steps: Double) -> String {
    steps.isFinite ? "\(Brief.number(steps)) steps" : "all steps"
  }

  private static func time(_ time: CorrelationTime) -> String {
    switch time {
    case .steps(let steps): Self.steps(steps)
    case .beyond(let lag): "over \(lag) steps"
    case .undefined: "–"
    }
  }

  /// One row per unit above chance and feature.
  public var associationsCSV: String {
    var text = "layer,quantity,unit,feature,r,r2,chance_r2,p,auc\n"
    for finding in report.findings {
      let found = finding.association
      text += Self.name(finding.unit) + ",\(found.feature),"
      text +=
        [found.correlation, found.rSquared, finding.chance, finding.probability, finding.auc]
        .map { CSVField.number($0) }.joined(separator: ",") + "\n"
    }
    return text
  }

  /// One row per unit: what it keeps best, its memory, and how saturated it is.
  public var unitsCSV: String {
    var best: [UnitName: UnitReport.Finding] = [:]
    for finding in report.findings where best[finding.unit] == nil { best[finding.unit] = finding }
    var text =
      "layer,quantity,unit,best_feature,r2,gate_memory,autocorrelation_time,autocorrelation_exceeds,"
      + "left_saturated,right_saturated\n"
    for (k, unit) in report.units.enumerated() {
      let found = best[unit]
      let exceeds = if case .beyond = report.correlationTimes[k] { "1" } else { "0" }
      text +=
        Self.name(unit) + ",\(found?.association.feature ?? ""),"
        + CSVField.number(found?.association.rSquared)
      text += "," + CSVField.number(report.gateTimes[k])
      text += "," + CSVField.number(report.correlationTimes[k].capped) + ",\(exceeds)"
      text +=
        "," + CSVField.number(report.saturation[k]?.left) + "," + CSVField.number(report.saturation[k]?.right)
        + "\n"
    }
    return text
  }

  private static func name(_ unit: UnitName) -> String {
    "\(unit.group.layer),\(unit.group.quantity.symbol),\(unit.unit)"
  }

  public var json: JSONText {
    .object([
      ("characters", .integer(report.length)), ("units", .integer(report.units.count)),
      ("units_above_chance", .integer(report.unitsAboveChance)), ("level", .number(report.table.level)),
      ("shifts", .integer(report.table.shifts.count)),
      ("untrained_networks", .integer(report.untrained?.ratios.count ?? 0)),
      ("features", .array(report.table.features.map { .string($0) })),
      (
        "findings",
        .array(
          report.findings.map { finding in
            .object([
              ("layer", .integer(finding.unit.group.layer)),
              ("quantity", .string(finding.unit.group.quantity.symbol)),
              ("unit", .integer(finding.unit.unit)), ("feature", .string(finding.association.feature)),
              ("r", .number(finding.association.correlation)), ("r2", .number(finding.association.rSquared)),
              ("chance_r2", .number(finding.chance)), ("p", .number(finding.probability)),
              ("auc", .number(finding.auc)),
            ])
          })
      ),
    ])
  }
}
