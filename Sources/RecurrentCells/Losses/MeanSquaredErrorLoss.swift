import LinearAlgebra

/// L = mean over t, b and o of (y_t − target_t)², y_t = readout(h_t), of every step.
public struct MeanSquaredErrorLoss<Element: Scalar>: SequenceLoss {
  /// [T, B, O].
  public let targets: [Element]
  private let layer: Readout<Element>
  public var placement: LossPlacement { .everyStep }
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
    precondition(
      targets.count == shape.steps * count, "\(targets.count) targets for \(shape.steps * count) outputs")
    workspace.forward(layer, batch: shape.batch, hidden: hidden)
    let loss = targets.withUnsafeBufferPointer {
      Element.meanSquaredError(count, target: $0.baseAddress! + (t - 1) * count, &workspace.outputs)
    }
    var weight = 1 / Double(shape.steps)
    workspace.outputs.withUnsafeMutableBufferPointer {
      Element.scaleRows(count: 1, width: count, scale: &weight, $0.baseAddress!)
    }
    workspace.backward(layer, batch: shape.batch, hidden: hidden, gradient: gradient)
    return loss / Double(shape.steps)
  }
}
