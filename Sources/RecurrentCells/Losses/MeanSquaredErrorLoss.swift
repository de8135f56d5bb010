import LinearAlgebra

/// L = mean over the steps read, b and o of (y_t − target_t)², y_t = readout(h_t).
public struct MeanSquaredErrorLoss<Element: Scalar>: SequenceLoss {
  /// [B, O] for a loss at the final step, else [T, B, O].
  public let targets: [Element]
  public let placement: LossPlacement
  private let layer: Readout<Element>
  public var readout: Readout<Element>? { layer }

  public init(targets: [Element], readout: Readout<Element>, placement: LossPlacement) {
    self.targets = targets
    self.placement = placement
    layer = readout
  }

  public func evaluate(
    step t: Int, of shape: SequenceShape, hidden: UnsafePointer<Element>,
    gradient: UnsafeMutablePointer<Element>, workspace: inout ReadoutWorkspace<Element>
  ) -> Double {
    let count = shape.batch * layer.outputSize
    let isFinal = placement == .finalStep
    let expected = isFinal ? count : shape.steps * count
    precondition(targets.count == expected, "\(targets.count) targets for \(expected) outputs")
    workspace.forward(layer, batch: shape.batch, hidden: hidden)
    var loss = targets.withUnsafeBufferPointer {
      Element.meanSquaredError(
        count, target: $0.baseAddress! + (isFinal ? 0 : (t - 1) * count), &workspace.outputs)
    }
    let steps = placement.count(of: shape.steps)
    if steps > 1 {
      var weight = 1 / Double(steps)
      loss *= weight
      Element.scaleRows(count: 1, width: count, scale: &weight, &workspace.outputs)
    }
    workspace.backward(layer, batch: shape.batch, hidden: hidden, gradient: gradient)
    return loss
  }
}
