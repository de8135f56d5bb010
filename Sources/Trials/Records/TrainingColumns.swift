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
  /// Of the last update; nil where there is none.
  package var profile: TrainingProfile?
}

/// The columns of `training.csv`. A new one is a case of ``columns``. nil marks what a row does not have, NaN what it has
/// without a value.
extension TrainingRow: ColumnSource {
  public typealias Entry = Double?

  public static let columns: [TrainingColumn] = [
    .iteration, .updates, .learningRate, .loss, .gradBefore, .gradBeforeMax, .gradAfter, .engaged,
    .clippedShare, .cosine, .cosineMin, .omega, .update, .weights, .events, .eventStep, .testLoss, .testError,
    .testSize, .ratioFirstLast, .decayRate, .spectralRadius, .sigmaMax, .lyapunovRate,
  ]

  /// Something of the updates; nil where there are none.
  fileprivate func ofUpdates(_ value: (UpdateSums) -> Double) -> Double? {
    updates.count > 0 ? value(updates) : nil
  }
}

public typealias TrainingColumn = Column<TrainingRow, Double?>

extension Column where Source == TrainingRow, Value == Double? {
  public static var iteration: Self {
    Self("iteration", "The last update in the row; 0 for the untrained network.") {
      Double($0.iteration)
    }
  }
  public static var updates: Self {
    Self("updates", "Number of updates in the row.") { Double($0.updates.count) }
  }
  public static var learningRate: Self {
    Self("learning_rate_now", "Learning rate of the last of them.") { $0.ofUpdates { $0[.rate] } }
  }
  public static var loss: Self {
    Self("loss", "Mean loss of their batches.") { $0.ofUpdates { $0.mean(.loss) } }
  }
  public static var gradBefore: Self {
    Self("log10_grad_before", "Mean log10 of the norm of the whole gradient before clipping.") {
      $0.ofUpdates { $0.mean(.before) }
    }
  }
  public static var gradBeforeMax: Self {
    Self("log10_grad_before_max", "The largest of them.") { $0.ofUpdates { $0[.largest] } }
  }
  public static var gradAfter: Self {
    Self("log10_grad_after", "Mean log10 of the norm after clipping.") { $0.ofUpdates { $0.mean(.after) } }
  }
  public static var engaged: Self {
    Self("engaged", "Share of updates that the clip changed.") {
      $0.ofUpdates { $0.mean(.engaged) }
    }
  }
  public static var clippedShare: Self {
    Self("clipped_share", "Mean share of the clip's inputs that it changed.") {
      $0.ofUpdates { $0.mean(.share) }
    }
  }
  public static var cosine: Self {
    Self("cosine", "Mean cosine of the angle between the gradient before and after clipping.") {
      $0.ofUpdates { $0.mean(.cosines, over: .cosineCount) }
    }
  }
  public static var cosineMin: Self {
    Self("cosine_min", "The smallest of them.") { $0.ofUpdates { $0[.leastCosine] } }
  }
  public static var omega: Self {
    Self("omega", "Mean Ω of the penalty, without its weight.") {
      $0.ofUpdates { $0.mean(.omega, over: .omegaCount) }
    }
  }
  public static var update: Self {
    Self("log10_update", "Mean log10 ‖Δθ‖.") { $0.ofUpdates { $0.mean(.change) } }
  }
  public static var weights: Self {
    Self("log10_weights", "log10 ‖θ‖ after the last update.") { $0.weights.map(log10) }
  }
  public static var events: Self {
    Self(
      "events",
      "Updates whose gradient exceeded the range of the precision before clipping brought it back."
    ) { $0.ofUpdates { $0[.events] } }
  }
  public static var eventStep: Self {
    Self("event_t", "Timestep of the last such event.") { $0.ofUpdates { $0[.eventStep] } }
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
    Self("test_size", "Number of test sequences used.") {
      $0.evaluation.map { Double($0.sequences) }
    }
  }
  public static var ratioFirstLast: Self {
    Self("log10_ratio_first_last", "From the profile of the last update: log10 ‖∂L/∂h_1‖ − log10 ‖∂L/∂h_T‖.")
    {
      $0.profile.map { StepGradients.log10RatioFirstLast(of: $0.hidden) }
    }
  }
  public static var decayRate: Self {
    Self("decay_rate", "From the same profile: decades per step.") {
      $0.profile.map { $0.decayRate?.rate ?? .nan }
    }
  }
  public static var spectralRadius: Self {
    Self("spectral_radius_now", "Largest spectral radius of the blocks of W_hh before that update.") {
      $0.profile.map { $0.spectralRadius ?? .nan }
    }
  }
  public static var sigmaMax: Self {
    Self("sigma_max_now", "Largest singular value of the same.") { $0.profile.map { $0.sigmaMax ?? .nan } }
  }
  public static var lyapunovRate: Self {
    Self("lyapunov_rate", "Leading Lyapunov exponent along the trajectory, decades per step.") {
      $0.profile.map { $0.lyapunovRate ?? .nan }
    }
  }
}
