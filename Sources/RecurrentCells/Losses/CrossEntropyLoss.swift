import LinearAlgebra

/// L = mean over the steps read and b of −log softmax(readout(h_t[b]))[class_t,b].
///
///     ∂L/∂y = (softmax(y) − one-hot(class)) / (steps read · B)
///
/// Where the right class is certain beyond the range of `Element`, the gradient is as small as it is, not zero.
public struct CrossEntropyLoss<Element: Scalar>: SequenceLoss {
  /// Class indices [T, B] for ``LossPlacement/everyStep`` and ``LossPlacement/steps(_:)``, [B] for
  /// ``LossPlacement/finalStep``; each in 0..<O.
  public let classes: [Int]
  public let placement: LossPlacement
  private let layer: Readout<Element>
  public var readout: Readout<Element>? { layer }

  /// - Precondition: every class is in 0..<O.
  public init(classes: [Int], readout: Readout<Element>, placement: LossPlacement) {
    precondition(
      classes.allSatisfy { (0..<readout.outputSize).contains($0) },
      "classes must be in 0..<\(readout.outputSize)")
    self.classes = classes
    self.placement = placement
    layer = readout
  }

  public func evaluate(
    step t: Int, of shape: SequenceShape, hidden: UnsafePointer<Element>,
    gradient: UnsafeMutablePointer<Element>, workspace: inout ReadoutWorkspace<Element>
  ) -> Double {
    let (batch, size) = (shape.batch, layer.outputSize)
    let first = placement == .finalStep ? 0 : (t - 1) * batch
    precondition(
      classes.count == (placement == .finalStep ? batch : shape.steps * batch),
      "\(classes.count) classes do not fit T = \(shape.steps), B = \(batch)")
    workspace.forward(layer, batch: batch, hidden: hidden)
    let weight = 1 / Double(placement.count(of: shape.steps) * batch)
    let loss = classes.withUnsafeBufferPointer {
      Element.softmaxCrossEntropy(
        count: batch, width: size, weight: weight, classes: $0.baseAddress! + first,
        &workspace.outputs, exponents: &workspace.exponents, scratch: &workspace.scratch)
    }
    workspace.backward(layer, batch: batch, hidden: hidden, gradient: gradient)
    return loss
  }
}
