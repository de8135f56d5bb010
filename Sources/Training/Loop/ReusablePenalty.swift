import GradientDiagnostics
import LinearAlgebra
import RecurrentCells

/// The penalty's probe, used again by every update on the same memory, as long as windows keep their shape.
final class ReusablePenalty<Element: Scalar> {
  /// A value that has no copies, where it can be shared.
  final class Probe {
    var value: NormPreservation<Element>

    init(_ value: consuming NormPreservation<Element>) { self.value = value }
  }

  private var kept: Probe?
  private var shape: SequenceShape?

  /// As before a pass.
  func probe(of rule: NormPreservationPenalty, _ shape: SequenceShape) -> Probe {
    if let kept, self.shape == shape {
      kept.value.reset()
      return kept
    }
    let made = Probe(rule.probe(shape))
    (kept, self.shape) = (made, shape)
    return made
  }
}
