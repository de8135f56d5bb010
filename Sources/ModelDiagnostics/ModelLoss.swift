import LinearAlgebra
import RecurrentCells

/// What is differentiated of what a network gives.
public enum ModelLoss: Sendable {
  /// A loss of its outputs step by step, through a linear readout or none; what it reads of a last layer with two
  /// directions, if it reads the final step.
  case sequence(any SequenceLoss<Double>, reading: FinalReading)
  /// A head of any depth.
  case head(HeadLoss)
  /// Gradients that were found elsewhere, in place of a loss.
  case upstream(NetworkUpstream<Double>)

  /// The steps it reads.
  public func placement(of shape: BatchShape) -> LossPlacement {
    switch self {
    case .sequence(let loss, _): loss.placement
    case .head(let head): head.reading.placement
    case .upstream(let upstream): upstream.placement(of: shape)
    }
  }

  /// The linear layer that a loss step by step has.
  public var readout: Readout<Double>? {
    if case .sequence(let loss, _) = self { return loss.readout }
    return nil
  }
}
