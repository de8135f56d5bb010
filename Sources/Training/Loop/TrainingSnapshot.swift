import LinearAlgebra
import RecurrentCells

/// A training run between two updates: with the plan and the task, all that is needed to continue to the same bits.
///
/// Sequences are drawn by the number of the update, so that no stream of random numbers has to be remembered.
public struct TrainingSnapshot<Element: Scalar>: Sendable, Equatable {
  /// Updates made.
  public var iteration: Int
  public var weights: NetworkWeights<Element>
  public var optimiser: OptimiserState<Element>
  /// The state before the window of the next update, where truncated sequences carry one on.
  public var carried: InitialState<Element>?

  public init(
    iteration: Int, weights: NetworkWeights<Element>, optimiser: OptimiserState<Element>,
    carried: InitialState<Element>? = nil
  ) {
    self.iteration = iteration
    self.weights = weights
    self.optimiser = optimiser
    self.carried = carried
  }

  /// Before the first update.
  public init(weights: NetworkWeights<Element>, optimiser: Optimiser) {
    self.init(
      iteration: 0, weights: weights, optimiser: OptimiserState(optimiser, for: weights))
  }
}
