import LinearAlgebra

/// L = Σ_b v · h_T[b], without readout: ∂L/∂h_T[b] = v.
public struct FinalDotLoss<Element: Scalar>: SequenceLoss {
  /// v [H].
  public let direction: [Element]
  public var placement: LossPlacement { .finalStep }
  public var readout: Readout<Element>? { nil }

  public init(direction: [Element]) { self.direction = direction }

  public func evaluate(
    step t: Int, of shape: SequenceShape, hidden: UnsafePointer<Element>,
    gradient: UnsafeMutablePointer<Element>, workspace: inout ReadoutWorkspace<Element>
  ) -> Double {
    let h = shape.hiddenSize
    precondition(direction.count == h, "v has \(direction.count) entries, h_T has \(h)")
    Element.fillRows(count: shape.batch, width: h, direction, nil, into: gradient)
    return (0..<shape.batch).reduce(0.0) { $0 + Element.dot(h, direction, hidden + $1 * h) }
  }
}
