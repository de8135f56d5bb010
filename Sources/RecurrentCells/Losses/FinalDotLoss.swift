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
    var loss = 0.0
    for b in 0..<shape.batch {
      for k in 0..<h {
        gradient[b * h + k] = direction[k]
        loss += Double(direction[k]) * Double(hidden[b * h + k])
      }
    }
    return loss
  }
}
