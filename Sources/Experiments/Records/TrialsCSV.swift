import GradientFlow

/// `trials.csv`: one row a trial, its parameters, then its results; new columns go to the right of each part's
/// fixed ones.
public enum TrialsCSV {
  private static let parameters: [(name: String, field: @Sendable (TrialParameters) -> String)] = [
    ("trial", { $0.id }),
    ("cell", { $0.cell.rawValue }),
    ("hidden_size", { "\($0.hiddenSize)" }),
    ("spectral_radius", { CSVField.number($0.spectralRadius) }),
    ("sequence_length", { "\($0.sequenceLength)" }),
    ("forget_bias", { CSVField.number($0.forgetBias) }),
    ("clip", { CSVField.text($0.clip.label) }),
    ("seed", { "\($0.seed)" }),
    ("input_scale", { CSVField.number($0.inputScale) }),
    ("initializer", { $0.initializer.rawValue }),
    ("input_size", { $0.task.kind == .text ? "" : "\($0.inputSize)" }),
    ("batch_size", { "\($0.batchSize)" }),
    ("task", { $0.task.kind.rawValue }),
    ("loss_kind", { $0.loss.rawValue }),
    ("readout_size", { $0.readoutSize.map { "\($0)" } ?? "" }),
    ("precision", { $0.precision.rawValue }),
    ("root_seed", { "\($0.rootSeed)" }),
  ]

  /// The column names.
  public static let header =
    (parameters.map(\.name) + TrialColumn.allCases.map(\.rawValue) + TheoryColumn.allCases.map(\.rawValue))
    .joined(separator: ",")

  /// One row, with its line feed.
  public static func row(
    _ trial: TrialParameters, _ record: TrialRecord, theory: TrialTheory
  ) -> String {
    let predictions = theory.predictions(trial, record)
    let measured = trial.hasPlainDecay ? record.decayRate : nil
    let fields =
      parameters.map { $0.field(trial) }
      + TrialColumn.allCases.map { column in
        if let number = column.number { return CSVField.number(record[keyPath: number]) }
        switch column {
        case .status: return record.status.rawValue
        case .divergedAt: return record.divergedAt.map { "\($0)" } ?? ""
        case .decayRateLags: return record.decayRateLags.map { "\($0)" } ?? ""
        default: return CSVField.text(record.message ?? "")
        }
      }
      + TheoryColumn.allCases.map { CSVField.number($0.value(predictions, measured: measured)) }
    return fields.joined(separator: ",") + "\n"
  }
}
