import GradientFlow
import TextFiles

/// A result of a trial that the store keeps and `trials.csv` shows. A new one is an entry of ``all``, at its end.
public struct TrialColumn: Sendable {
  /// As a field of `trials.csv`.
  public let column: Column<TrialRecord, String>
  /// The number of a record; nil for a column that holds text or a whole number.
  public let number: (WritableKeyPath<TrialRecord, Double?> & Sendable)?
  /// Whether it is of use only where networks are trained.
  public let isOfTraining: Bool
  /// Whether it is of use only where language models are trained.
  public var isOfLanguage = false
  /// Whether records of the first version have it.
  package let isOriginal: Bool

  /// In the order of the CSV and the store.
  public static let all: [TrialColumn] = [
    text("status", "How the trial ended: \(TrialStatus.allCases.map(\.rawValue).joined(separator: ", ")).") {
      $0.status.rawValue
    },
    number("loss", "The loss L.", \.loss),
    number(
      "measured_spectral_radius", "Largest spectral radius of the blocks of W_hh, measured.",
      \.measuredSpectralRadius),
    number("measured_sigma_max", "Largest singular value of the blocks of W_hh.", \.measuredSigmaMax),
    number("log10_grad_total", "log10 of the norm over all parameters, after clipping.", \.log10GradTotal),
    number("log10_grad_w_hh_total", "log10 ‖∂L/∂W_hh‖, after clipping.", \.log10GradWeightHH),
    number(
      "log10_ratio_first_last",
      "log10 ‖∂L/∂h_1‖ − log10 ‖∂L/∂h_T‖, both over the sequences that have all T steps.",
      \.log10RatioFirstLast),
    number("decay_rate", "Slope of log10 ‖∂L/∂h_t‖ against lag, decades per step.", \.decayRate),
    number("decay_rate_r2", "R² of that fit.", \.decayRateR2),
    number("half_life", "Steps in which the norm halves.", \.halfLife),
    number("clip_fraction", "Share of the clip's inputs that it changed.", \.clipFraction),
    number(
      "clip_cosine", "Cosine of the angle between the gradient before and after clipping.", \.clipCosine),
    number(
      "log10_grad_total_unclipped", "log10 of the norm over all parameters, without clipping.",
      \.log10GradTotalUnclipped),
    number("log10_grad_w_ih_total", "log10 ‖∂L/∂W_ih‖, after clipping.", \.log10GradWeightIH),
    number("log10_grad_b_total", "log10 ‖∂L/∂b‖, after clipping.", \.log10GradBias),
    text(
      "diverged_at", "Step at which the state left the range; 0 or less in the washout."
    ) { $0.divergedAt.map(String.init) ?? "" },
    text("decay_rate_lags", "Number of lags used to fit the decay rate.") {
      $0.decayRateLags.map(String.init) ?? ""
    },
    text("message", "Why the trial failed.") { CSVField.text($0.message ?? "") },
    number(
      "lyapunov_rate", "Leading Lyapunov exponent along the trajectories, decades per step.", \.lyapunovRate,
      isOriginal: false),
    number(
      "forget_path_rate", "Mean log10 f of an LSTM along the trajectories, decades per step.",
      \.forgetPathRate,
      isOriginal: false),
    training("updates", "Number of updates.", \.updates),
    training("solved_at", "The update after which the task was solved.", \.solvedAt),
    training("test_loss", "Loss on the test set at the end.", \.testLoss),
    training("test_error", "Share of wrong sequences on the test set at the end.", \.testError),
    training("chance_loss", "Loss at chance.", \.chanceLoss),
    training("diverged_iteration", "The update at which training diverged.", \.divergedIteration),
    language(
      "validation_loss", "Of a language model: loss on the validation part at the end.", \.validationLoss),
  ]

  private static func text(
    _ name: String, _ summary: String, _ value: @escaping @Sendable (TrialRecord) -> String
  ) -> TrialColumn {
    TrialColumn(column: Column(name, summary, value), number: nil, isOfTraining: false, isOriginal: true)
  }

  private static func number(
    _ name: String, _ summary: String, _ path: WritableKeyPath<TrialRecord, Double?> & Sendable,
    isOfTraining: Bool = false, isOriginal: Bool = true
  ) -> TrialColumn {
    TrialColumn(
      column: Column(name, summary) { CSVField.number($0[keyPath: path]) }, number: path,
      isOfTraining: isOfTraining, isOriginal: isOriginal)
  }

  private static func language(
    _ name: String, _ summary: String, _ path: WritableKeyPath<TrialRecord, Double?> & Sendable
  ) -> TrialColumn {
    var column = training(name, summary, path)
    column.isOfLanguage = true
    return column
  }

  private static func training(
    _ name: String, _ summary: String, _ path: WritableKeyPath<TrialRecord, Double?> & Sendable
  ) -> TrialColumn {
    number(name, summary, path, isOfTraining: true, isOriginal: false)
  }
}
