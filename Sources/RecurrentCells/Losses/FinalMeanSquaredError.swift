import LinearAlgebra

/// L = mean over b and o of (y − target)², y = readout(h_T).
public struct FinalMeanSquaredError<Element: Scalar>: SequenceLoss {
  /// [B, O].
  public let targets: [Element]
  private let layer: Readout<Element>
  public var placement: LossPlacement { .finalStep }
  public var readout: Readout<Element>? { layer }

  public init(targets: [Element], readout: Readout<Element>) {
    self.targets = targets
    layer = readout
  }

  public func evaluate(
    step t: Int, of shape: SequenceShape, hidden: UnsafePointer<Element>,
    gradient: UnsafeMutablePointer<Element>, workspace: inout ReadoutWorkspace<Element>
  ) -> Double {
    let count = shape.batch * layer.outputSize
    precondition(targets.count == count, "\(targets.count) targets for \(count) outputs")
    workspace.forward(layer, batch: shape.batch, hidden: hidden)
    let loss = Element.meanSquaredError(count, target: targets, &workspace.outputs)
    workspace.backward(layer, batch: shape.batch, hidden: hidden, gradient: gradient)
    return loss
  }
}
