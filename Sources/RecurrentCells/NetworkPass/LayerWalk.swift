import LinearAlgebra

/// The way back through one layer of a network, ready to be made: what comes from above it, and what it leaves for the
/// layer below.
///
/// What its last walk found of ∂L/∂x_t is what the layer below gets; ``observe(clip:calling:)`` makes a walk that leaves
/// nothing.
public struct LayerWalk<Cell: RecurrentCell> {
  public typealias Element = Cell.Element

  public let layer: LayerPass<Cell>
  /// Of the last layer, read forward, the network's loss; of others, what comes from above.
  public let loss: any SequenceLoss<Element>
  /// ∂L/∂c_T, of an encoder's layers.
  @usableFromInline package let finalCell: FinalCellGradient<Element>?
  /// ∂L/∂x_t; nil where no one asks for it.
  @usableFromInline package let inputGradients: InputGradients<Element>?
  /// ∂L/∂h_0 and ∂L/∂c_0; nil where no one asks for them.
  @usableFromInline package let initialGradients: InitialStateGradients<Element>?

  @usableFromInline
  init(
    layer: LayerPass<Cell>, loss: any SequenceLoss<Element>, finalCell: FinalCellGradient<Element>?,
    inputGradients: InputGradients<Element>?, initialGradients: InitialStateGradients<Element>?
  ) {
    self.layer = layer
    self.loss = loss
    self.finalCell = finalCell
    self.inputGradients = inputGradients
    self.initialGradients = initialGradients
  }

  public var place: LayerPlace { layer.place }

  /// Without a probe.
  @inlinable
  public func backward(clip: StepClip = .none) -> BackwardResult<Element> {
    layer.pass.backward(
      loss: loss, clip: clip, finalCell: finalCell, inputGradients: inputGradients,
      initialGradients: initialGradients)
  }

  /// With a probe, by calls.
  @inlinable
  public func backward<Probe: BackwardProbe & ~Copyable>(
    clip: StepClip = .none, calling probe: inout Probe
  ) -> BackwardResult<Element> where Probe.Element == Element {
    layer.pass.backward(
      loss: loss, clip: clip, finalCell: finalCell, inputGradients: inputGradients,
      initialGradients: initialGradients, calling: &probe)
  }

  /// For a probe alone: the layer below gets what another walk leaves.
  @inlinable
  public func observe<Probe: BackwardProbe & ~Copyable>(
    clip: StepClip = .none, calling probe: inout Probe
  ) where Probe.Element == Element {
    _ = layer.pass.backward(loss: loss, clip: clip, finalCell: finalCell, calling: &probe)
  }
}
