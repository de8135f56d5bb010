import LinearAlgebra

/// ∂L/∂h_t as it comes from what reads the hidden states: the layer above, or a loss that several layers share.
///
///     ∂L/∂h_t[b] = values[r, ·] · 2^exponents[r],   r the row of (t, b)
///
/// It has no loss of its own: a pass through it gives L = 0.
public struct UpstreamGradient<Element: Scalar>: SequenceLoss {
  /// [rows, H], packed as ``SequenceLengths`` says ([T, B, H] where lengths are equal); at the final step alone
  /// also [B, H].
  public let values: [Element]
  /// One a row; nil where all are 0.
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
    let h = shape.hiddenSize
    let (first, count) = (firstRow(of: t, shape, in: values.count / h), shape.count(at: t) * h)
    precondition(
      values.count % h == 0 && first * h + count <= values.count,
      "\(values.count) gradients for rows·H = \(shape.rowCount * h)")
    values.withUnsafeBufferPointer {
      gradient.update(from: $0.baseAddress! + first * h, count: count)
    }
    return 0
  }

  /// Where those of step t stand among so many rows.
  private func firstRow(of t: Int, _ shape: SequenceShape, in rows: Int) -> Int {
    let holdsFinalOnly = placement == .finalStep && rows == shape.batch
    precondition(
      holdsFinalOnly || rows == shape.rowCount, "gradients of \(rows) rows for \(shape.rowCount)")
    return holdsFinalOnly ? 0 : shape.firstRow(of: t)
  }

  public func writeExponents(
    step t: Int, of shape: SequenceShape, workspace: ReadoutWorkspace<Element>,
    into target: UnsafeMutablePointer<Int>
  ) {
    let count = shape.count(at: t)
    guard let exponents else { return target.update(repeating: 0, count: count) }
    let first = firstRow(of: t, shape, in: exponents.count)
    exponents.withUnsafeBufferPointer {
      target.update(from: $0.baseAddress! + first, count: count)
    }
  }
}
