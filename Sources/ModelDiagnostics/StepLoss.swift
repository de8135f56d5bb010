import LinearAlgebra
import RecurrentCells

/// The term of one step of a loss, with the weight that it has in the whole.
package struct StepLoss: SequenceLoss {
  let whole: any SequenceLoss<Double>
  let step: Int

  package init(whole: any SequenceLoss<Double>, step: Int) {
    self.whole = whole
    self.step = step
  }

  package var placement: LossPlacement { .steps([step]) }
  package var readout: Readout<Double>? { whole.readout }

  package func evaluate(
    step t: Int, of shape: SequenceShape, hidden: UnsafePointer<Double>,
    gradient: UnsafeMutablePointer<Double>, workspace: inout ReadoutWorkspace<Double>
  ) -> Double {
    whole.evaluate(step: t, of: shape, hidden: hidden, gradient: gradient, workspace: &workspace)
  }

  package func writeExponents(
    step t: Int, of shape: SequenceShape, workspace: ReadoutWorkspace<Double>,
    into exponents: UnsafeMutablePointer<Int>
  ) {
    whole.writeExponents(step: t, of: shape, workspace: workspace, into: exponents)
  }
}
