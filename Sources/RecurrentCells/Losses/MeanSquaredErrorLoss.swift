import LinearAlgebra

/// L = mean over the rows (t, b) of the steps read and o of (y_t − target_t)², y_t = readout(h_t).
public struct MeanSquaredErrorLoss<Element: Scalar>: SequenceLoss {
  /// [B, O] for a loss at the final step, else [rows, O], packed as ``SequenceLengths`` says ([T, B, O] where lengths are
  /// equal).
  public let targets: [Element]
  public let placement: LossPlacement
  private let layer: Readout<Element>
  public var readout: Readout<Element>? { layer }

  public init(targets: [Element], readout: Readout<Element>, placement: LossPlacement) {
    self.targets = targets
    self.placement = placement
    layer = readout
  }

  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func evaluate(
    step t: Int, of shape: SequenceShape, hidden: UnsafePointer<Element>,
    gradient: UnsafeMutablePointer<Element>, workspace: inout ReadoutWorkspace<Element>
  ) -> Double {
    let (batch, size) = (shape.count(at: t), layer.outputSize)
    let count = batch * size
    let isFinal = placement == .finalStep
    let expected = (isFinal ? shape.batch : shape.rowCount) * size
    precondition(targets.count == expected, "\(targets.count) targets for \(expected) outputs")
    workspace.forward(layer, batch: batch, hidden: hidden)
    var loss = targets.withUnsafeBufferPointer {
      Element.meanSquaredError(
        count, target: $0.baseAddress! + (isFinal ? 0 : shape.firstRow(of: t) * size), &workspace.outputs)
    }
    let read = workspace.countedRows ?? placement.rowCount(of: shape)
    workspace.countedRows = read
    if read > batch {
      var weight = Double(batch) / Double(read)
      loss *= weight
      Element.scaleRows(count: 1, width: count, scale: &weight, &workspace.outputs)
    }
    workspace.backward(layer, batch: batch, hidden: hidden, gradient: gradient)
    return loss
  }
}
