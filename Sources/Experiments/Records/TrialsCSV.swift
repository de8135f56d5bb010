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
    ("clip", { CSVField.text($0.rule.label) }),
    ("seed", { "\($0.seed)" }),
    ("input_scale", { $0.training?.weightDeviation == nil ? CSVField.number($0.inputScale) : "" }),
    ("initializer", { $0.initializer.rawValue }),
    ("input_size", { $0.task.decidesSizes ? "" : "\($0.inputSize)" }),
    ("batch_size", { "\($0.batchSize)" }),
    ("task", { $0.task.kind.rawValue }),
    ("loss_kind", { $0.loss.rawValue }),
    ("readout_size", { $0.readoutSize.map { "\($0)" } ?? "" }),
    ("precision", { $0.precision.rawValue }),
    ("root_seed", { "\($0.rootSeed)" }),
  ]

  /// At the far right, in runs where some trial has a first state or a washout.
  private static let start: [(name: String, field: @Sendable (TrialParameters) -> String)] = [
    ("initial_state_scale", { CSVField.number($0.initialStateScale) }),
    ("washout", { "\($0.washout)" }),
  ]

  /// At the far right, in runs that train.
  private static let trainingParameters:
    [(name: String, field: @Sendable (TrialParameters, TrainingParameters) -> String)] = [
      ("iterations", { "\($1.iterations)" }),
      ("optimizer", { $1.optimiser.label }),
      ("learning_rate", { CSVField.number($1.learningRate) }),
      ("schedule", { $1.schedule.label }),
      ("truncation", { $1.truncation?.label ?? "" }),
      ("weight_sd", { CSVField.number($1.weightDeviation) }),
    ]

  private static let results = TrialColumn.allCases.filter { !$0.isOfTraining }
  private static let trainingResults = TrialColumn.allCases.filter(\.isOfTraining)

  /// The column names of a run without training, whose sequences all start at the zero state.
  public static let header = header(trains: false)

  /// The column names.
  public static func header(trains: Bool, choosesStart: Bool = false) -> String {
    var names =
      parameters.map(\.name) + results.map(\.rawValue) + TheoryColumn.allCases.map(\.rawValue)
    if trains {
      names += trainingParameters.map(\.name) + trainingResults.map(\.rawValue)
      names += ["diverged_kind", "engaged", "clip_verdict", "outcome"]
    }
    if choosesStart { names += start.map(\.name) }
    return names.joined(separator: ",")
  }

  /// One row, with its line feed.
  public static func row(
    _ trial: TrialParameters, _ record: TrialRecord, theory: TrialTheory, choosesStart: Bool = false
  ) -> String {
    // What theory says of networks as they are drawn does not hold for trained ones.
    let predictions = trial.training == nil ? theory.predictions(trial, record) : SlopePredictions()
    let measured = trial.hasPlainDecay ? record.decayRate : nil
    func field(_ column: TrialColumn) -> String {
      if let number = column.number { return CSVField.number(record[keyPath: number]) }
      switch column {
      case .status: return record.status.rawValue
      case .divergedAt: return record.divergedAt.map { "\($0)" } ?? ""
      case .decayRateLags: return record.decayRateLags.map { "\($0)" } ?? ""
      default: return CSVField.text(record.message ?? "")
      }
    }
    var fields =
      parameters.map { $0.field(trial) } + results.map(field)
      + TheoryColumn.allCases.map { CSVField.number($0.value(predictions, measured: measured)) }
    if let training = trial.training {
      let verdict = TrainingVerdict(trial, record)
      fields += trainingParameters.map { $0.field(trial, training) } + trainingResults.map(field)
      fields += [
        record.divergedKind?.rawValue ?? "", CSVField.number(verdict.engaged), verdict.clip?.rawValue ?? "",
        verdict.outcome.rawValue,
      ]
    }
    if choosesStart { fields += start.map { $0.field(trial) } }
    return fields.joined(separator: ",") + "\n"
  }
}
