import RecurrentCells

extension LayerWalk {
  /// Makes the way back with every norm probe of the package and with ``AddedProbes``.
  ///
  /// - Complexity: as the backward pass, plus the probes' (see ``WeightContributionNorms``).
  @inlinable
  public func diagnose(clip: StepClip = .none) -> GradientDiagnosis<Element> {
    layer.pass.diagnose(
      loss: loss, clip: clip, finalCell: finalCell, inputGradients: inputGradients,
      initialGradients: initialGradients)
  }

  /// The same with another probe on the same walk, which has to keep what it records where its copies share it.
  @inlinable
  public func diagnose<Other: BackwardProbe>(
    clip: StepClip = .none, beside other: Other
  ) -> GradientDiagnosis<Element> where Other.Element == Element {
    layer.pass.diagnose(
      loss: loss, clip: clip, finalCell: finalCell, inputGradients: inputGradients,
      initialGradients: initialGradients, beside: other)
  }
}
