import LinearAlgebra

/// A scalar loss L of the hidden states of a batch of sequences.
///
/// B is the number of sequences that have the step, ``SequenceShape/count(at:)``; rows of all steps are packed as
/// ``SequenceLengths`` says.
public protocol SequenceLoss<Element>: Sendable {
  associatedtype Element: Scalar
  /// The steps that are read.
  var placement: LossPlacement { get }
  /// The layer between h_t and the loss, if there is one.
  var readout: Readout<Element>? { get }
  /// Step t's term of L; writes the immediate ∂L/∂h_t [B, H] and adds to the readout's gradients.
  ///
  /// - Parameter hidden: h_t [B, H].
  func evaluate(
    step t: Int, of shape: SequenceShape, hidden: UnsafePointer<Element>,
    gradient: UnsafeMutablePointer<Element>, workspace: inout ReadoutWorkspace<Element>
  ) -> Double
  /// Writes the powers of two that step t's gradients are to be multiplied by [B], 0 for ordinary ones. A gradient that
  /// comes from above may be far outside the range of `Element`.
  ///
  /// - Parameter workspace: as ``evaluate(step:of:hidden:gradient:workspace:)`` of the step left it.
  func writeExponents(
    step t: Int, of shape: SequenceShape, workspace: ReadoutWorkspace<Element>,
    into exponents: UnsafeMutablePointer<Int>
  )
}

extension SequenceLoss {
  public func writeExponents(
    step t: Int, of shape: SequenceShape, workspace: ReadoutWorkspace<Element>,
    into exponents: UnsafeMutablePointer<Int>
  ) {
    exponents.update(from: workspace.exponents, count: shape.count(at: t))
  }
}
