import LinearAlgebra

/// ∂L/∂h_t as it comes from what reads the hidden states: the layer above, or a loss that several layers share.
///
///     ∂L/∂h_t[b] = values[t − 1, b, ·] · 2^exponents[t − 1, b]
///
/// It has no loss of its own: a pass through it gives L = 0.
public struct UpstreamGradient<Element: Scalar>: SequenceLoss {
  /// [T, B, H].
  public let values: [Element]
  /// [T, B]; nil where all are 0.
  public let exponents: [Int]?
  public let placement: LossPlacement
  public var readout: Readout<Element>? { nil }

  /// - Parameter placement: the steps whose gradients are not zero.
  public init(values: [Element], exponents: [Int]? = nil, placement: LossPlacement = .everyStep) {
    self.values = values
    self.exponents = exponents
    self.placement = placement
  }

  public func evaluate(
    step t: Int, of shape: SequenceShape, hidden: UnsafePointer<Element>,
    gradient: UnsafeMutablePointer<Element>, workspace: inout ReadoutWorkspace<Element>
  ) -> Double {
    let count = shape.stateCount
    precondition(
      values.count == shape.steps * count, "\(values.count) gradients for T·B·H = \(shape.steps * count)")
    values.withUnsafeBufferPointer {
      gradient.update(from: $0.baseAddress! + (t - 1) * count, count: count)
    }
    return 0
  }

  public func writeExponents(
    step t: Int, of shape: SequenceShape, workspace: ReadoutWorkspace<Element>,
    into target: UnsafeMutablePointer<Int>
  ) {
    guard let exponents else { return target.update(repeating: 0, count: shape.batch) }
    precondition(
      exponents.count == shape.steps * shape.batch,
      "\(exponents.count) exponents for T·B = \(shape.steps * shape.batch)")
    exponents.withUnsafeBufferPointer {
      target.update(from: $0.baseAddress! + (t - 1) * shape.batch, count: shape.batch)
    }
  }
}
