import Foundation
import GradientFlow

/// What a row of `training.csv` sums up: the updates since the row before, and the test and profile after the last.
public struct TrainingRow: Sendable {
  /// The last update; 0 for the network as drawn.
  package let iteration: Int
  package var updates = UpdateSums()
  /// ‖θ‖ after the last update; nil where it was not asked for.
  package var weights: Double?
  /// After the last update; nil where there was no test, or none that could be read.
  package var evaluation: TaskEvaluation?
  /// Of the last update in the last layer, read forward; nil where there is none.
  package var profile: TrainingProfile?
}

/// The columns of `training.csv`. A new one is an entry of ``columns``. nil marks what a row does not have, NaN what it
/// has without a value.
extension TrainingRow: ColumnSource {
  public typealias Entry = Double?

  public static let columns: [TrainingColumn] = columnsOfAll + networkColumns + languageColumns

  /// Of runs whose networks have several layers or directions, an embedding, dropout or sequences of different lengths,
  /// or read what they have said.
  package static let networkColumns: [TrainingColumn] = [
    .testAccuracy,
    ofTest("test_perplexity", "e to the test loss, where outputs are classes.") { $0.perplexity },
    .testOwnAccuracy, .testOwnLoss,
  ]

  /// Of runs that train language models.
  package static let languageColumns: [TrainingColumn] = [
    ofTest("test_bits", "The test loss in bits per character or word.") { $0.bits }
  ]

  fileprivate static func ofTest(
    _ name: String, _ summary: String, _ value: @escaping @Sendable (TaskEvaluation) -> Double?
  ) -> TrainingColumn {
    Column(name, summary) { $0.evaluation.flatMap(value) }
  }

  /// Of every training.
  package static let columnsOfAll: [TrainingColumn] = [
    .iteration, .updates,
    ofUpdates("learning_rate_now", "Learning rate of the last of them.") { $0[.rate] },
    .loss, .gradBefore, .gradBeforeMax, .gradAfter, .engaged,
    ofUpdates("clipped_share", "Mean share of the clip's inputs that it changed.") { $0.mean(.share) },
    ofUpdates("cosine", "Mean cosine of the angle between the gradient before and after clipping.") {
      $0.mean(.cosines, over: .cosineCount)
    },
    ofUpdates("cosine_min", "The smallest of them.") { $0[.leastCosine] },
    ofUpdates("omega", "Mean Ω of the penalty, without its weight.") { $0.mean(.omega, over: .omegaCount) },
    ofUpdates("log10_update", "Mean log10 ‖Δθ‖.") { $0.mean(.change) },
    Column("log10_weights", "log10 ‖θ‖ after the last update.") { $0.weights.map(log10) },
    ofUpdates(
      "events", "Updates whose gradient exceeded the range of the precision before clipping brought it back."
    ) { $0[.events] },
    ofUpdates("event_t", "Timestep of the last such event.") { $0[.eventStep] },
    .testLoss, .testError, .testSize,
    ofProfile(
      "log10_ratio_first_last",
      "From the profile of the last update, in the last layer read forward: log10 ‖∂L/∂h_1‖ − log10 ‖∂L/∂h_T‖, "
        + "both over the sequences that have all T steps.", \.log10RatioFirstLast),
    ofProfile("decay_rate", "From the same profile: decades per step.") { $0.decayRate?.rate },
    ofProfile(
      "spectral_radius_now",
      "Largest spectral radius of the blocks of the same layer's W_hh before that update.",
      \.spectralRadius),
    ofProfile("sigma_max_now", "Largest singular value of the same.", \.sigmaMax),
    ofProfile(
      "lyapunov_rate", "Leading Lyapunov exponent of the same layer along the trajectory, decades per step.",
      \.lyapunovRate),
  ]

  /// Of the updates; of a row without any it has none.
  fileprivate static func ofUpdates(
    _ name: String, _ summary: String, _ value: @escaping @Sendable (UpdateSums) -> Double
  ) -> TrainingColumn {
    Column(name, summary) { $0.updates.count > 0 ? value($0.updates) : nil }
  }

  /// Of the profile; NaN for what the profile does not have.
  private static func ofProfile(
    _ name: String, _ summary: String, _ value: @escaping @Sendable (TrainingProfile) -> Double?
  ) -> TrainingColumn {
    Column(name, summary) { $0.profile.map { value($0) ?? .nan } }
  }
}

public typealias TrainingColumn = Column<TrainingRow, Double?>

/// The columns that verdicts and figures ask for.
extension TrainingColumn {
  public static var iteration: Self {
    Self("iteration", "The last update in the row; 0 for the untrained network.") { Double($0.iteration) }
  }
  public static var updates: Self {
    Self("updates", "Number of updates in the row.") { Double($0.updates.count) }
  }
  public static var loss: Self {
    Source.ofUpdates("loss", "Mean loss of their batches.") { $0.mean(.loss) }
  }
  public static var gradBefore: Self {
    Source.ofUpdates("log10_grad_before", "Mean log10 of the norm of the whole gradient before clipping.") {
      $0.mean(.before)
    }
  }
  public static var gradBeforeMax: Self {
    Source.ofUpdates("log10_grad_before_max", "The largest of them.") { $0[.largest] }
  }
  public static var gradAfter: Self {
    Source.ofUpdates("log10_grad_after", "Mean log10 of the norm after clipping.") { $0.mean(.after) }
  }
  public static var engaged: Self {
    Source.ofUpdates("engaged", "Share of updates that the clip changed.") { $0.mean(.engaged) }
  }
  public static var testLoss: Self {
    Self("test_loss", "Loss on the test set after the last update.") { $0.evaluation?.loss }
  }
  public static var testError: Self {
    Self("test_error", "Share of wrong sequences on the test set.") {
      $0.evaluation.map { $0.errorRate ?? .nan }
    }
  }
  public static var testSize: Self {
    Self("test_size", "Number of test sequences used.") { $0.evaluation.map { Double($0.sequences) } }
  }
  public static var testAccuracy: Self {
    Source.ofTest(
      "test_accuracy", "Share of the outputs of the test set whose right class has the largest."
    ) { $0.accuracy }
  }
  public static var testOwnAccuracy: Self {
    Source.ofTest(
      "test_own_accuracy", "Where outputs are read as inputs: the same if the network reads its own."
    ) { $0.ownAccuracy }
  }
  public static var testOwnLoss: Self {
    Source.ofTest(
      "test_own_loss", "Where outputs are read as inputs: loss on the test set if the network reads its own."
    ) { $0.ownLoss }
  }
}
