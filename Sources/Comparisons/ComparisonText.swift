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

  /// The cells that differences are of, if all groups have the same.
  private var referenceName: String? {
    let names = Set(groups.compactMap { $0.variants.first?.variant.name })
    return names.count == 1 ? names.first : nil
  }

  /// How many seeds every row is over; nil where some have more or fewer, or lack some.
  private static func commonSeeds(_ groups: [GroupComparison]) -> Int? {
    let found = Set(groups.flatMap(\.variants).map(seeds))
    return found.count == 1 ? found.first.flatMap(Int.init) : nil
  }

  private func titles(withSeeds: Bool) -> [String] {
    [
      "cell", "rate (decades/step)", "half-life (steps)",
      "log10 ratio, \(hasLengths ? "longest sequences" : "whole batch")",
      "against \(referenceName ?? "reference")",
    ] + (withSeeds ? ["seeds"] : [])
  }

  private func aligned(_ groups: [GroupComparison], width: Int?) -> String {
    func paragraph(_ text: String, indent: String = "") -> String {
      WrappedText.paragraph(text, indent: indent, width: width) + "\n"
    }
    let common = Self.commonSeeds(groups)
    let variants = groups.flatMap(\.variants).map(\.variant)
    let titles = titles(withSeeds: common == nil)
    let answer = answer.lines.map { paragraph($0, indent: "  ") }.joined()
    return answer + (answer.isEmpty ? "" : "\n")
      + groups.map { group in
        paragraph(group.heading)
          + AlignedRows.text(
            [titles]
              + group.variants.map {
                [$0.variant.short(among: variants)]
                  + Self.row($0, in: group.group, withSeeds: common == nil).dropFirst()
              },
            width: width)
          + paragraph("  → \(group.verdict)", indent: "    ") + "\n"
      }.joined() + footer(common).map { paragraph($0) }.joined()
  }

  private func markdown(_ groups: [GroupComparison]) -> String {
    let rows = groups.flatMap { group in
      group.variants.map { [group.heading] + Self.row($0, in: group.group, withSeeds: true) }
    }
    let answer = answer.lines.map { "- \($0)\n" }.joined()
    return answer + (answer.isEmpty ? "" : "\n")
      + ComparisonFormat.markdown(["setting"] + titles(withSeeds: true), rows) + "\n"
      + footer(nil).map { $0 + "\n" }.joined()
  }

  /// - Parameter seeds: how many all intervals are over; nil where the rows say it.
  private func footer(_ seeds: Int?) -> [String] {
    var lines: [String] = []
    if progress.done < progress.total {
      lines.append("\(progress.done) of \(progress.total) trials finished.")
    }
    let over = seeds.map { $0 == 1 ? "of one seed" : "mean ± 95 % CI over \($0) seeds (Student's t)" }
    lines.append(
      "Rate: least-squares slope of log10 ‖∂L/∂h_t‖, averaged over sequences, against lag T − t"
        + (hasLengths ? ", its change from lag to lag over those that have both; " : "; ")
        + (over ?? "mean ± 95 % CI over seeds (Student's t)")
        + "; differences are paired by seed. A half-life is given for rates that fall. Log10 ratio: another measure, of "
        + "the norm of \(hasLengths ? "all sequences that have T steps" : "the whole batch") at t = 1 to that at t = T, "
        + "which a few sequences may dominate.")
    return lines + notes.map { "Note: " + $0 }
  }

  private static func row(_ v: VariantDecay, in group: ComparisonGroup, withSeeds: Bool) -> [String] {
    [
      v.variant.label,
      v.rate.map(interval) ?? (v.zeros > 0 ? "exactly zero" : "–"),
      halfLife(v, in: group),
      v.log10Ratio.map(interval) ?? (v.zeros > 0 ? "-inf" : "–"),
      v.difference.map(interval) ?? (v.isReference ? "reference" : "–"),
    ] + (withSeeds ? [seeds(v)] : [])
  }

  /// Of a rate that is known to fall.
  private static func halfLife(_ v: VariantDecay, in group: ComparisonGroup) -> String {
    guard let rate = v.rate, let halfLife = v.halfLife else { return "–" }
    switch Trend(rate, steps: group.sequenceLength) {
    case .falls, .singleFalls: return Brief.number(halfLife)
    case .grows, .singleGrows, .steady, .open, .edge: return "–"
    }
  }

  /// "10", or "8 of 10 (1 exactly zero, 1 diverged)" where the intervals are over fewer.
  private static func seeds(_ v: VariantDecay) -> String {
    let reasons = [(v.zeros, "exactly zero"), (v.diverged, "diverged"), (v.failed, "failed")]
      .filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    guard !reasons.isEmpty else { return "\(v.seeds)" }
    return "\(v.log10Ratio?.count ?? 0) of \(v.seeds) (\(reasons.joined(separator: ", ")))"
  }

  /// The mean as exact as its margin, which has two digits.
  static func interval(_ x: MeanInterval) -> String {
    func signed(_ text: String) -> String { (x.mean >= 0 ? "+" : "") + text }
    guard let margin = x.halfWidth else { return signed(Brief.number(x.mean, digits: 4)) }
    guard margin >= 1e-6, margin >= 1e-4 * x.mean.magnitude, margin < 1e6 else {
      return signed("\(Brief.number(x.mean, digits: 4)) ± \(Brief.rounded(margin))")
    }
    let digits = max(0, 1 - Int(log10(Double(Brief.rounded(margin)) ?? margin).rounded(.down)))
    return signed(String(format: "%.\(digits)f ± %.\(digits)f", x.mean, margin))
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
    Column(
      "log10_ratio_first_last",
      "Mean log10 ‖∂L/∂h_1‖ − log10 ‖∂L/∂h_T‖, both over the sequences that have all T steps."
    ) {
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

  /// Whether some networks have several layers or directions.
  private var hasPlaces: Bool { groups.contains { $0.group.place != nil } }
  /// Whether sequences of some batches have different lengths.
  private var hasLengths: Bool { groups.contains { $0.group.trial.shortestLength != nil } }
  /// Whether some have an encoder.
  private var hasParts: Bool { groups.contains { $0.group.place?.part != nil } }

  private var csv: String {
    let places = hasPlaces ? ["layer", "direction"] + (hasParts ? ["part"] : []) : []
    let names =
      Self.firstAxes.map(\.column) + Self.results.map(\.name) + laterAxes.map(\.column) + places
    var text = names.joined(separator: ",") + "\n"
    for comparison in groups {
      for variant in comparison.variants {
        let trial = comparison.trial(of: variant)
        let fields =
          Self.firstAxes.map { $0.field(trial) } + Self.results.map { $0.value(variant) }
          + laterAxes.map { $0.field(trial) } + placeFields(comparison.group)
        text += fields.joined(separator: ",") + "\n"
      }
    }
    return text
  }

  private func placeFields(_ group: ComparisonGroup) -> [String] {
    guard hasPlaces else { return [] }
    let place = group.place ?? LayerPlace(layer: 0)
    return ["\(place.layer)", place.direction.rawValue] + (hasParts ? [place.part?.rawValue ?? ""] : [])
  }

  private func places(_ group: ComparisonGroup) -> [(String, JSONText)] {
    guard let place = group.place else { return [] }
    return [("layer", .integer(place.layer)), ("direction", .string(place.direction.rawValue))]
      + (place.part.map { [("part", .string($0.rawValue))] } ?? [])
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
      let axes = Axis.all.filter { axis in
        !axis.key.isForTraining && ![.cell, .forgetBias, .seed].contains(axis)
          && (axis.added != Axis.network || laterAxes.contains(axis))
      }
      return .object(
        axes.map { ($0.name, $0.json(g.trial)) } + places(g) + [
          ("loss_at_every_step", .boolean(g.hasLossAtEveryStep)),
          ("state_stays_at_zero", .boolean(g.staysAtZero)), ("verdict", .string(comparison.verdict)),
          ("cells", .array(comparison.variants.map(cell))),
        ])
    }
    return .object([
      ("trials_done", .integer(progress.done)), ("trials_total", .integer(progress.total)),
      ("note", notes.isEmpty ? .null : .string(notes.joined(separator: " "))),
      ("groups", .array(groups.map(group))),
      ("answer", .array(answer.lines.map { .string($0) })),
    ])
  }
}
