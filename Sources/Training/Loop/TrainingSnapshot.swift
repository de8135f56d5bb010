import LinearAlgebra
import RecurrentCells

/// A training run between two updates: with the plan and the task, all that is needed to continue to the same bits.
///
/// Sequences are drawn by the number of the update, so that no stream of random numbers has to be remembered.
public struct TrainingSnapshot<Element: Scalar>: Sendable, Equatable {
  /// Updates made.
  public var iteration: Int
  public var network: Network<Element>
  public var optimiser: OptimiserState<Element>
  /// The states of all layers before the window of the next update, where truncated sequences carry them on.
  public var carried: NetworkState<Element>?

  public init(
    iteration: Int, network: Network<Element>, optimiser: OptimiserState<Element>,
    carried: NetworkState<Element>? = nil
  ) {
    self.iteration = iteration
    self.network = network
    self.optimiser = optimiser
    self.carried = carried
  }

  /// Before the first update.
  public init(network: Network<Element>, optimiser: Optimiser) {
    self.init(iteration: 0, network: network, optimiser: OptimiserState(optimiser, for: network))
  }
}
