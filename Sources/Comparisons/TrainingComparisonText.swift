import Foundation
import Runs
import Specification
import TextFiles
import Trials

extension TrainingComparison {
  /// The comparison in a form.
  ///
  /// - Parameters:
  ///   - brief: text and Markdown only at the longest sequence.
  ///   - width: of a line of text; nil: tables as wide as they are, ``proseWidth`` for the rest.
  public func text(_ format: ComparisonFormat, brief: Bool = false, width: Int? = nil) -> String {
    let prose = min(width ?? Self.proseWidth, Self.proseWidth)
    let shown = brief ? Array(settings.suffix(1)) : settings
    let results = shown.flatMap(\.methods)
    let columns = Self.columns(among: results, for: format).filter { column in
      column.isAlwaysShown || results.contains { column.field($0) != Self.missing }
    }
    func table(_ setting: TrainingSetting) -> [[String]] {
      setting.methods.map { result in columns.map { $0.field(result) } }
    }
    switch format {
    case .text:
      let answer = answer.lines.map { WrappedText.paragraph($0, indent: "  ", width: width) + "\n" }.joined()
      return answer + (answer.isEmpty ? "" : "\n") + baselines(width: width)
        + shown.map { setting in
          WrappedText.paragraph(Self.heading(setting), width: width) + "\n"
            + AlignedRows.text([columns.map(\.title)] + table(setting), width: width)
            + "  → "
            + WrappedText.lines(setting.verdicts, separator: "; ", width: prose - 4)
            .map { WrappedText.paragraph($0, indent: "      ", width: width == nil ? nil : prose - 4) }
            .joined(separator: ";\n    ")
            + "\n\n"
        }.joined() + footer(width: prose)
    case .md:
      let rows = shown.flatMap { setting in table(setting).map { [setting.label] + $0 } }
      let models = language?.baselineRows ?? []
      return answer.lines.map { "- \($0)\n" }.joined() + (answer.lines.isEmpty ? "" : "\n")
        + (models.count > 1 ? ComparisonFormat.markdown(models[0], Array(models.dropFirst())) + "\n" : "")
        + ComparisonFormat.markdown(["setting"] + columns.map(\.title), rows) + "\n"
        + footer(width: Self.proseWidth)
    case .csv: return csv
    case .json: return json.text
    }
  }

  /// The table of models without a recurrent network.
  private func baselines(width: Int?) -> String {
    guard let rows = language?.baselineRows, rows.count > 1 else { return "" }
    return AlignedRows.text(rows, width: width) + "\n"
  }

  /// Of lines of text that are no table.
  private static let proseWidth = 118
  private static let missing = "–"

  /// A column of the table for people, left out where no row has anything.
  private struct TextColumn {
    let title: String
    var isAlwaysShown = false
    let field: (TrainingMethodResult) -> String
  }

  /// Text has the level of chance in the heading, and the forget bias in the verdict where it is the only one.
  private static func columns(
    among results: [TrainingMethodResult], for format: ComparisonFormat
  ) -> [TextColumn] {
    let (rules, variants) = (results.map(\.method.rule), results.map(\.method.variant))
    let isText = format == .text
    return [
      TextColumn(title: "cell", isAlwaysShown: true) { result in
        isText ? result.method.variant.short(among: variants) : result.method.variant.label
      },
      TextColumn(title: "clip", isAlwaysShown: true) { $0.method.rule.words(among: rules) },
      TextColumn(title: "solved") { $0.hasSuccessRule ? "\($0.solved) of \($0.seeds)" : missing },
      TextColumn(title: "updates") {
        $0.updatesToSuccess.map { Brief.grouped(Int($0.rounded())) } ?? missing
      },
      TextColumn(title: "test loss") { number($0.testLoss) },
      TextColumn(title: "perplexity") { result in
        number(result.isOfText ? result.testLoss.map(exp) : nil)
      },
      TextColumn(title: "bits") { result in
        number(result.isOfText ? result.testLoss.map { $0 / log(2) } : nil)
      },
      TextColumn(title: "chance") { isText ? missing : number($0.chanceLoss) },
      TextColumn(title: "wrong") { percent($0.testError) },
      TextColumn(title: "clip engaged") { result in
        result.engaged == nil
          ? missing : percent(result.engaged) + (result.clip.map { ", \($0.words)" } ?? "")
      },
      TextColumn(title: "gradient at T/5") { result in
        result.log10Reach.map { $0 == -.infinity ? "0" : String(format: "10^%.1f", $0) } ?? missing
      },
    ]
  }

  /// `T = 50 (loss of chance 1.386)`.
  private static func heading(_ setting: TrainingSetting) -> String {
    let chance = setting.methods.compactMap(\.chanceLoss).first
    return setting.label + (chance.map { " (loss of chance \(Brief.number($0, digits: 4)))" } ?? "")
  }

  private func footer(width: Int) -> String {
    var lines: [String] = []
    if progress.done < progress.total {
      lines.append("\(progress.done) of \(progress.total) trials finished.")
    }
    func add(_ text: String) { lines.append(WrappedText.paragraph(text, width: width)) }
    add(
      "Medians over seeds. Updates: until the task was solved. Wrong: share of test sequences. Clip engaged: share of "
        + "updates it changed; below 1 % it is idle, above half it sets the step size. Gradient at T/5: ‖∂L/∂h_t‖ "
        + "there divided by that at T, from the profiles\(hasLengths ? ", over the sequences that have T/5" : "")."
    )
    if hasLossAtEveryStep {
      add(
        "Note: the task has a loss at many steps, each of which refreshes the gradient on its way back; the gradient "
          + "at T/5 may be large even if little of the loss at the end reaches it.")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Whether sequences of some batches have different lengths.
  private var hasLengths: Bool { settings.contains { $0.methods.contains(where: \.hasLengths) } }

  private static func number(_ value: Double?) -> String {
    value.map { Brief.number($0, digits: 4) } ?? missing
  }

  private static func percent(_ share: Double?) -> String {
    share.map { String(format: $0 > 0 && $0 < 0.01 ? "%.2f %%" : "%.0f %%", 100 * $0) } ?? missing
  }

  // MARK: - For programs

  /// Outcomes that were added later have their columns at the right.
  private static let laterOutcomes: [TrainingOutcome] = [.tooFewUpdates, .aboveChance]
  private static let firstOutcomes = TrainingOutcome.allCases.filter { !laterOutcomes.contains($0) }

  private static func names(_ outcomes: [TrainingOutcome]) -> String {
    outcomes.map { $0.rawValue.replacingOccurrences(of: "-", with: "_") }.joined(separator: ",")
  }

  private var csv: String {
    var text =
      "setting,cell,forget_bias,clip,seeds,"
      + Self.names(Self.firstOutcomes)
      + ",updates_to_success,test_loss,chance_loss,test_error,engaged,clip_verdict,log10_gradient_at_fifth,"
      + Self.names(Self.laterOutcomes) + "\n"
    for setting in settings {
      for result in setting.methods {
        let head = [
          CSVField.text(setting.label), result.method.variant.cell.rawValue,
          CSVField.number(result.method.variant.forgetBias), CSVField.text(result.method.rule.label),
          "\(result.seeds)",
        ]
        func counts(_ outcomes: [TrainingOutcome]) -> [String] {
          outcomes.map { "\(result.outcomes[$0] ?? 0)" }
        }
        let numbers = [
          result.updatesToSuccess, result.testLoss, result.chanceLoss, result.testError, result.engaged,
        ].map { CSVField.number($0) }
        text +=
          (head + counts(Self.firstOutcomes) + numbers
          + [result.clip?.rawValue ?? "", CSVField.number(result.log10Reach)] + counts(Self.laterOutcomes))
          .joined(separator: ",") + "\n"
      }
    }
    return text
  }

  private var json: JSONText {
    .object(
      [
        ("trials_done", .integer(progress.done)), ("trials_total", .integer(progress.total)),
        (
          "settings",
          .array(
            settings.map { setting in
              .object([
                ("setting", .string(setting.label)), ("verdict", .string(setting.verdict)),
                ("methods", .array(setting.methods.map(Self.json))),
              ])
            })
        ),
        ("answer", .array(answer.lines.map { .string($0) })),
      ] + (language.map { [("language", $0.json)] } ?? []))
  }

  private static func json(_ result: TrainingMethodResult) -> JSONText {
    .object([
      ("cell", .string(result.method.variant.cell.rawValue)),
      ("forget_bias", .number(result.method.variant.forgetBias)),
      ("clip", .string(result.method.rule.label)), ("seeds", .integer(result.seeds)),
      (
        "outcomes",
        .object(TrainingOutcome.allCases.map { ($0.rawValue, .integer(result.outcomes[$0] ?? 0)) })
      ),
      ("updates_to_success", .number(result.updatesToSuccess)), ("test_loss", .number(result.testLoss)),
      ("chance_loss", .number(result.chanceLoss)), ("test_error", .number(result.testError)),
      ("engaged", .number(result.engaged)),
      ("clip_verdict", result.clip.map { .string($0.rawValue) } ?? .null),
      ("log10_gradient_at_fifth", .number(result.log10Reach)),
    ])
  }
}

/// Compares a run: training runs by their results, otherwise cells by the decay of their gradients.
public enum RunComparison {
  /// The text in a form.
  ///
  /// - Parameter selection: which trials and layers; nil: all.
  /// - Throws: ``SpecificationError`` for a selection that leaves nothing.
  public static func text(
    of run: Run, _ format: ComparisonFormat, where selection: FigureSelection? = nil, brief: Bool = false,
    width: Int? = nil
  ) throws -> String {
    guard run.specification.trains else {
      return try Comparison(run, selection).text(format, brief: brief, width: width)
    }
    return try TrainingComparison(try run.only(selection?.ofNetworks() ?? TrialSelection([])))
      .text(format, brief: brief, width: width)
  }
}
