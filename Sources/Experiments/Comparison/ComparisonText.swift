import Foundation
import GradientFlow

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
}

extension Comparison {
  /// The comparison in a form.
  ///
  /// - Parameter brief: text and Markdown only at the longest sequence and without clipping.
  public func text(_ format: ComparisonFormat, brief: Bool = false) -> String {
    switch format {
    case .text: return aligned(brief ? briefGroups : groups)
    case .md: return markdown(brief ? briefGroups : groups)
    case .csv: return csv
    case .json: return json.text
    }
  }

  private var briefGroups: [GroupComparison] {
    let longest = groups.map(\.group.sequenceLength).max()
    let unclipped = groups.filter { $0.group.clip == .none }
    return (unclipped.isEmpty ? groups : unclipped).filter { $0.group.sequenceLength == longest }
  }

  // MARK: - For people

  private static let titles = [
    "cell", "rate (decades/step)", "half-life", "log10 ratio at T", "against reference", "seeds",
  ]

  private func aligned(_ groups: [GroupComparison]) -> String {
    var text = ""
    for comparison in groups {
      let rows = [Self.titles] + comparison.variants.map(Self.row)
      text += title(comparison.group) + "\n" + AlignedRows.text(rows)
      text += "  → \(comparison.verdict)\n\n"
    }
    return text + footer
  }

  private func markdown(_ groups: [GroupComparison]) -> String {
    var text =
      "| setting | " + Self.titles.joined(separator: " | ") + " |\n|"
      + String(repeating: " --- |", count: Self.titles.count + 1) + "\n"
    for comparison in groups {
      for variant in comparison.variants {
        text += "| \(title(comparison.group)) | " + Self.row(variant).joined(separator: " | ") + " |\n"
      }
    }
    return text + "\n" + footer
  }

  private var footer: String {
    var lines: [String] = []
    if progress.done < progress.total {
      lines.append("\(progress.done) of \(progress.total) trials finished.")
    }
    lines.append(
      "Rates: least-squares slope of log10 ‖∂L/∂h_t‖ against lag T − t, mean ± 95 % CI over seeds (Student's t); "
        + "differences are paired by seed.")
    lines += notes.map { "Note: " + $0 }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The values that vary within the run, and always radius and length.
  private func title(_ g: ComparisonGroup) -> String {
    let all = groups.map(\.group)
    func varies<Value: Hashable>(_ value: (ComparisonGroup) -> Value) -> Bool {
      Set(all.map(value)).count > 1
    }
    var parts = ["ρ = \(CSVField.number(g.spectralRadius))", "T = \(g.sequenceLength)"]
    if varies(\.inputScale) { parts.append("input scale \(CSVField.number(g.inputScale))") }
    if varies(\.initialStateScale) {
      parts.append("initial state scale \(CSVField.number(g.initialStateScale))")
    }
    if varies(\.washout) { parts.append("washout \(g.washout)") }
    if varies(\.hiddenSize) { parts.append("H = \(g.hiddenSize)") }
    if varies(\.batchSize) { parts.append("B = \(g.batchSize)") }
    if varies(\.inputSize) { parts.append("I = \(g.inputSize)") }
    if varies(\.initializer) { parts.append(g.initializer.rawValue) }
    if varies(\.loss) { parts.append(g.loss.rawValue) }
    if varies(\.readoutSize) { parts.append("O = \(g.readoutSize ?? 0)") }
    if varies(\.precision) { parts.append(g.precision.rawValue) }
    if varies(\.clip) { parts.append("clip \(g.clip.label)") }
    return parts.joined(separator: ", ")
  }

  private static func row(_ v: VariantDecay) -> [String] {
    [
      v.variant.label,
      v.rate.map { interval($0, signed: true) } ?? (v.zeros > 0 ? "exactly zero" : "–"),
      halfLife(v),
      v.log10Ratio.map { interval($0, signed: true) } ?? (v.zeros > 0 ? "-inf" : "–"),
      v.difference.map { interval($0, signed: true) } ?? "reference",
      seeds(v),
    ]
  }

  /// Of a rate that cannot be told from constant there is none to be given.
  private static func halfLife(_ v: VariantDecay) -> String {
    if let rate = v.rate, let margin = rate.halfWidth, rate.mean.magnitude <= margin { return "–" }
    return v.halfLife.map { short($0) } ?? "none"
  }

  /// "10", or "8 of 10 (1 exactly zero, 1 diverged)" where the intervals are over fewer.
  private static func seeds(_ v: VariantDecay) -> String {
    let reasons = [(v.zeros, "exactly zero"), (v.diverged, "diverged"), (v.failed, "failed")]
      .filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    guard !reasons.isEmpty else { return "\(v.seeds)" }
    return "\(v.log10Ratio?.count ?? 0) of \(v.seeds) (\(reasons.joined(separator: ", ")))"
  }

  private static func interval(_ x: MeanInterval, signed: Bool) -> String {
    let mean = (signed && x.mean >= 0 ? "+" : "") + short(x.mean)
    return x.halfWidth.map { "\(mean) ± \(short($0, digits: 2))" } ?? mean
  }

  /// Four significant digits.
  private static func short(_ x: Double, digits: Int = 4) -> String {
    String(format: "%.\(digits)g", x)
  }

  // MARK: - For programs

  private var csv: String {
    var text =
      "cell,forget_bias,hidden_size,input_size,batch_size,spectral_radius,sequence_length,input_scale,"
      + "initializer,loss_kind,readout_size,precision,clip,seeds,decay_rate,decay_rate_ci95,half_life,"
      + "log10_ratio_first_last,log10_ratio_first_last_ci95,paired_difference,paired_difference_ci95,"
      + "paired_ratio_difference,paired_ratio_difference_ci95,exact_zeros,diverged,failed"
      + (choosesStart ? ",initial_state_scale,washout" : "") + "\n"
    for comparison in groups {
      let g = comparison.group
      for v in comparison.variants {
        let fields = [
          v.variant.cell.rawValue, CSVField.number(v.variant.forgetBias), "\(g.hiddenSize)",
          g.task.decidesSizes ? "" : "\(g.inputSize)", "\(g.batchSize)",
          CSVField.number(g.spectralRadius), "\(g.sequenceLength)", CSVField.number(g.inputScale),
          g.initializer.rawValue, g.loss.rawValue, g.readoutSize.map { "\($0)" } ?? "",
          g.precision.rawValue, CSVField.text(g.clip.label), "\(v.seeds)",
          CSVField.number(v.rate?.mean), CSVField.number(v.rate?.halfWidth),
          CSVField.number(v.halfLife), CSVField.number(v.log10Ratio?.mean),
          CSVField.number(v.log10Ratio?.halfWidth), CSVField.number(v.difference?.mean),
          CSVField.number(v.difference?.halfWidth), CSVField.number(v.ratioDifference?.mean),
          CSVField.number(v.ratioDifference?.halfWidth), "\(v.zeros)", "\(v.diverged)",
          "\(v.failed)",
        ]
        let start =
          choosesStart ? [CSVField.number(g.initialStateScale), "\(g.washout)"] : []
        text += (fields + start).joined(separator: ",") + "\n"
      }
    }
    return text
  }

  /// Whether some group does not simply start at the zero state.
  private var choosesStart: Bool {
    groups.contains { $0.group.initialStateScale != 0 || $0.group.washout != 0 }
  }

  private var json: JSONText {
    func interval(_ x: MeanInterval?) -> JSONText {
      guard let x else { return .null }
      return .object([
        ("mean", .number(x.mean)), ("ci95", .number(x.halfWidth)), ("seeds", .integer(x.count)),
      ])
    }
    return .object([
      ("trials_done", .integer(progress.done)), ("trials_total", .integer(progress.total)),
      ("note", notes.isEmpty ? .null : .string(notes.joined(separator: " "))),
      (
        "groups",
        .array(
          groups.map { comparison in
            let g = comparison.group
            return .object([
              ("spectral_radius", .number(g.spectralRadius)),
              ("sequence_length", .integer(g.sequenceLength)),
              ("input_scale", .number(g.inputScale)), ("hidden_size", .integer(g.hiddenSize)),
              ("initial_state_scale", .number(g.initialStateScale)), ("washout", .integer(g.washout)),
              ("loss_at_every_step", .boolean(g.hasLossAtEveryStep)),
              ("state_stays_at_zero", .boolean(g.staysAtZero)),
              ("batch_size", .integer(g.batchSize)), ("initializer", .string(g.initializer.rawValue)),
              ("loss", .string(g.loss.rawValue)), ("precision", .string(g.precision.rawValue)),
              ("clip", .string(g.clip.label)), ("verdict", .string(comparison.verdict)),
              (
                "cells",
                .array(
                  comparison.variants.map { v in
                    .object([
                      ("cell", .string(v.variant.cell.rawValue)),
                      ("forget_bias", .number(v.variant.forgetBias)),
                      ("decay_rate", interval(v.rate)), ("half_life", .number(v.halfLife)),
                      ("log10_ratio_first_last", interval(v.log10Ratio)),
                      ("paired_difference", interval(v.difference)),
                      ("paired_ratio_difference", interval(v.ratioDifference)),
                      ("seeds", .integer(v.seeds)), ("exact_zeros", .integer(v.zeros)),
                      ("diverged", .integer(v.diverged)), ("failed", .integer(v.failed)),
                    ])
                  })
              ),
            ])
          })
      ),
    ])
  }
}
