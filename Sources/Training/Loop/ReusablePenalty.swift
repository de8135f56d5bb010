import GradientDiagnostics
import LinearAlgebra
import RecurrentCells

/// The penalty's probe, used again by every update on the same memory, as long as windows keep their shape.
final class ReusablePenalty<Element: Scalar> {
  private var kept: PenaltyHolder<Element>?
  private var shape: SequenceShape?

  /// As before a pass.
  func probe(of rule: NormPreservationPenalty, _ shape: SequenceShape) -> PenaltyHolder<Element> {
    if let kept, self.shape == shape {
      kept.probe.reset()
      return kept
    }
    let made = PenaltyHolder<Element>(rule.probe(shape))
    (kept, self.shape) = (made, shape)
    return made
  }
}

/// A probe where it can be shared.
final class PenaltyHolder<Element: Scalar> {
  var probe: NormPreservation<Element>

  init(_ probe: consuming NormPreservation<Element>) { self.probe = probe }
}
