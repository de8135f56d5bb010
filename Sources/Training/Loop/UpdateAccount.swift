import LinearAlgebra
import RecurrentCells

/// What one update did.
public struct UpdateAccount: Sendable, Equatable {
  /// n, from 1.
  public let iteration: Int
  /// L of the update's batch, without the penalty.
  public let loss: Double
  /// Ω of the penalty, without its weight; nil without a penalty.
  public let omega: Double?
  /// Norm of the gradient of all weights, penalty included, before and after clipping.
  public let normBefore, normAfter: ScaledNumber
  /// The share of what the clip looks at that it changed: 0 or 1 for the global norm, of entries for the value rule, of
  /// steps or of steps and examples for the step rules.
  public let clippedShare: Double
  /// cos of the angle between the gradients before and after clipping; nil where a norm of theirs is zero, infinite
  /// or no number.
  public let cosine: Double?
  /// η of the update.
  public let learningRate: Double
  /// ‖Δθ‖.
  public let updateNorm: Double
  /// A gradient beyond the range of the precision that clipping brought back; nil as a rule.
  public let event: TrainingEvent?

  /// Whether the clip changed anything.
  public var isClipped: Bool { clippedShare > 0 }
}

/// Where numbers left the range of the precision.
public struct TrainingEvent: Sendable, Equatable {
  /// What left it.
  public enum Kind: String, Sendable, CaseIterable {
    /// A hidden state, on the way forward; the step is the first such one.
    case state
    /// The loss; the step is the last one it reads.
    case loss
    /// The gradient: as plain numbers of the precision it would be infinite, or is no number. The step is the first one
    /// on the way back, from the last layer to the first, whose ∂L/∂h_t is out of range, or the one with the largest.
    case gradient
    /// The weights after the update, or a running mean of the optimiser; the step is the one with the largest
    /// ∂L/∂h_t.
    case weights
  }

  public let kind: Kind
  /// n, from 1.
  public let iteration: Int
  /// t of the window that was read, 1…T.
  public let step: Int
  /// Of a state or a gradient, the layer and direction, whose own time the step is of; nil for a loss.
  public let place: LayerPlace?

  public init(kind: Kind, iteration: Int, step: Int, place: LayerPlace? = nil) {
    self.kind = kind
    self.iteration = iteration
    self.step = step
    self.place = place
  }
}

/// What became of an update.
public enum UpdateOutcome: Sendable {
  /// The weights were changed; with a profile for each layer and direction, if they were asked for.
  case updated(UpdateAccount, [TrainingProfile])
  /// Numbers left their range, and the weights are as they were before, but for an event of the weights.
  case diverged(TrainingEvent)
}
