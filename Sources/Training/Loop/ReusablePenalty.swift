import GradientDiagnostics
import LinearAlgebra
import RecurrentCells

/// The penalty's probe, used again by every update on the same memory, as long as windows keep their shape.
final class ReusablePenalty<Element: Scalar> {
  private var kept: Shared<NormPreservation<Element>>?
  private var shape: SequenceShape?

  /// As before a pass.
  func probe(of rule: NormPreservationPenalty, _ shape: SequenceShape) -> Shared<NormPreservation<Element>> {
    if let kept, self.shape == shape {
      kept.value.reset()
      return kept
    }
    let made = Shared<NormPreservation<Element>>(rule.probe(shape))
    (kept, self.shape) = (made, shape)
    return made
  }
}
