import Foundation
import GradientFlow
import Specification
import TextFiles
import Trials

/// The forms in which a comparison is printed.
public enum ComparisonFormat: String, Sendable, CaseIterable {
  /// Aligned columns for people.
  case text
  /// Comma-separated, one row a variant.
  case csv
  /// A Markdown table.
  case md
  /// Everything, for programs.
  case json

  /// A table in Markdown.
  static func markdown(_ titles: [String], _ rows: [[String]]) -> String {
    ([titles, titles.map { _ in "---" }] + rows).map { "| \($0.joined(separator: " | ")) |\n" }.joined()
  }
}

extension Comparison {
  /// The comparison in a form.
  ///
  /// - Parameters:
  ///   - brief: text and Markdown only at the longest sequence and without clipping.
  ///   - width: of a line of text; nil: as long as they are.
  public func text(_ format: ComparisonFormat, brief: Bool = false, width: Int? = nil) -> String {
    switch format {
    case .text: return aligned(brief ? briefGroups : groups, width: width)
    case .md: return markdown(brief ? briefGroups : groups)
    case .csv: return csv
    case .json: return json.text
    }
  }

  private var briefGroups: [GroupComparison] {
    let longest = groups.map(\.group.sequenceLength).max()
    let unclipped = groups.filter { $0.group.trial.clip == .none }
    return (unclipped.isEmpty ? groups : unclipped).filter { $0.group.sequenceLength == longest }
  }

  // MARK: - For people

  private static let titles = [
    "cell", "rate (decades/step)", "half-life", "log10 ratio at T", "against reference", "seeds",
  ]

  private func aligned(_ groups: [GroupComparison], width: Int?) -> String {
    func paragraph(_ text: String, indent: String = "") -> String {
      WrappedText.paragraph(text, indent: indent, width: width) + "\n"
    }
    return groups.map { group in
      paragraph(group.heading)
        + AlignedRows.text([Self.titles] + group.variants.map(Self.row), width: width)
        + paragraph("  → \(group.verdict)", indent: "    ") + "\n"
    }.joined() + footer.map { paragraph($0) }.joined()
  }

  private func markdown(_ groups: [GroupComparison]) -> String {
    let rows = groups.flatMap { group in group.variants.map { [group.heading] + Self.row($0) } }
    return ComparisonFormat.markdown(["setting"] + Self.titles, rows) + "\n"
      + footer.map { $0 + "\n" }.joined()
  }

  private var footer: [String] {
    var lines: [String] = []
    if progress.done < progress.total {
      lines.append("\(progress.done) of \(progress.total) trials finished.")
    }
    lines.append(
      "Rates: least-squares slope of log10 ‖∂L/∂h_t‖ against lag T − t, mean ± 95 % CI over seeds (Student's t); "
        + "differences are paired by seed.")
    return lines + notes.map { "Note: " + $0 }
  }

  private static func row(_ v: VariantDecay) -> [String] {
    [
      v.variant.label,
      v.rate.map(interval) ?? (v.zeros > 0 ? "exactly zero" : "–"),
      halfLife(v),
      v.log10Ratio.map(interval) ?? (v.zeros > 0 ? "-inf" : "–"),
      v.difference.map(interval) ?? "reference",
      seeds(v),
    ]
  }

  /// No half-life for a rate that is indistinguishable from constant.
  private static func halfLife(_ v: VariantDecay) -> String {
    if let rate = v.rate, let margin = rate.halfWidth, rate.mean.magnitude <= margin { return "–" }
    return v.halfLife.map { Brief.number($0, digits: 4) } ?? "none"
  }

  /// "10", or "8 of 10 (1 exactly zero, 1 diverged)" where the intervals are over fewer.
  private static func seeds(_ v: VariantDecay) -> String {
    let reasons = [(v.zeros, "exactly zero"), (v.diverged, "diverged"), (v.failed, "failed")]
      .filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    guard !reasons.isEmpty else { return "\(v.seeds)" }
    return "\(v.log10Ratio?.count ?? 0) of \(v.seeds) (\(reasons.joined(separator: ", ")))"
  }

  private static func interval(_ x: MeanInterval) -> String {
    let mean = (x.mean >= 0 ? "+" : "") + Brief.number(x.mean, digits: 4)
    return x.halfWidth.map { "\(mean) ± \(Brief.rounded($0))" } ?? mean
  }

  // MARK: - For programs

  private static let firstAxes: [Axis] = [
    .cell, .forgetBias, .hiddenSize, .inputSize, .batchSize, .spectralRadius, .sequenceLength, .inputScale,
    .initializer, .loss, .readoutSize, .precision, .clip,
  ]

  private static let results: [Column<VariantDecay, String>] = [
    Column("seeds", "Number of seeds.") { "\($0.seeds)" },
    Column("decay_rate", "Mean decay rate, decades per step.") { CSVField.number($0.rate?.mean) },
    Column("decay_rate_ci95", "Half width of its 95 % interval.") { CSVField.number($0.rate?.halfWidth) },
    Column("half_life", "Steps in which the norm halves at the mean rate.") { CSVField.number($0.halfLife) },
    Column("log10_ratio_first_last", "Mean log10 ‖∂L/∂h_1‖ − log10 ‖∂L/∂h_T‖.") {
      CSVField.number($0.log10Ratio?.mean)
    },
    Column("log10_ratio_first_last_ci95", "Half width of its 95 % interval.") {
      CSVField.number($0.log10Ratio?.halfWidth)
    },
    Column("paired_difference", "Mean difference of the rate from the reference, on the same seeds.") {
      CSVField.number($0.difference?.mean)
    },
    Column("paired_difference_ci95", "Half width of its 95 % interval.") {
      CSVField.number($0.difference?.halfWidth)
    },
    Column("paired_ratio_difference", "The same for the ratio.") {
      CSVField.number($0.ratioDifference?.mean)
    },
    Column("paired_ratio_difference_ci95", "Half width of its 95 % interval.") {
      CSVField.number($0.ratioDifference?.halfWidth)
    },
    Column("exact_zeros", "Seeds whose gradient is exactly zero at t = 1.") { "\($0.zeros)" },
    Column("diverged", "Seeds whose state diverged.") { "\($0.diverged)" },
    Column("failed", "Seeds whose trial failed.") { "\($0.failed)" },
  ]

  private var csv: String {
    let names = Self.firstAxes.map(\.column) + Self.results.map(\.name) + laterAxes.map(\.column)
    var text = names.joined(separator: ",") + "\n"
    for comparison in groups {
      for variant in comparison.variants {
        let trial = comparison.trial(of: variant)
        let fields =
          Self.firstAxes.map { $0.field(trial) } + Self.results.map { $0.value(variant) }
          + laterAxes.map { $0.field(trial) }
        text += fields.joined(separator: ",") + "\n"
      }
    }
    return text
  }

  private var json: JSONText {
    func interval(_ x: MeanInterval?) -> JSONText {
      guard let x else { return .null }
      return .object([
        ("mean", .number(x.mean)), ("ci95", .number(x.halfWidth)), ("seeds", .integer(x.count)),
      ])
    }
    func cell(_ v: VariantDecay) -> JSONText {
      .object([
        ("cell", .string(v.variant.cell.rawValue)), ("forget_bias", .number(v.variant.forgetBias)),
        ("decay_rate", interval(v.rate)), ("half_life", .number(v.halfLife)),
        ("log10_ratio_first_last", interval(v.log10Ratio)), ("paired_difference", interval(v.difference)),
        ("paired_ratio_difference", interval(v.ratioDifference)), ("seeds", .integer(v.seeds)),
        ("exact_zeros", .integer(v.zeros)), ("diverged", .integer(v.diverged)),
        ("failed", .integer(v.failed)),
      ])
    }
    func group(_ comparison: GroupComparison) -> JSONText {
      let g = comparison.group
      let axes = Axis.all.filter { !$0.key.isForTraining && ![.cell, .forgetBias, .seed].contains($0) }
      return .object(
        axes.map { ($0.name, $0.json(g.trial)) } + [
          ("loss_at_every_step", .boolean(g.hasLossAtEveryStep)),
          ("state_stays_at_zero", .boolean(g.staysAtZero)), ("verdict", .string(comparison.verdict)),
          ("cells", .array(comparison.variants.map(cell))),
        ])
    }
    return .object([
      ("trials_done", .integer(progress.done)), ("trials_total", .integer(progress.total)),
      ("note", notes.isEmpty ? .null : .string(notes.joined(separator: " "))),
      ("groups", .array(groups.map(group))),
    ])
  }
}
