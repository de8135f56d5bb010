import LinearAlgebra

/// What the way back through the layers of one part leaves.
@usableFromInline
struct StackGradients<Element: Scalar> {
  /// By layer, then by direction.
  @usableFromInline var results: [[BackwardResult<Element>]]
  /// ∂L/∂x of the first layer; nil unless asked for.
  @usableFromInline var inputs: ScaledRows<Element>?
  /// ∂L/∂h_0 and ∂L/∂c_0 by layer; empty unless asked for.
  @usableFromInline var initialStates: [InitialStateGradients<Element>]

  @usableFromInline
  init(layers: Int) {
    results = Array(repeating: [], count: layers)
    initialStates = []
  }
}

extension LayerStack {
  /// Walks the layers from the last to the first.
  ///
  /// - Parameters:
  ///   - losses: for each direction of the last layer; of an encoder none, if nothing reads its outputs.
  ///   - finalStates: by layer, what its final states are asked for by a decoder.
  @inlinable
  func backward(
    losses: [any SequenceLoss<Element>], finalStates: [InitialStateGradients<Element>]? = nil,
    givesInputs: Bool, givesInitialStates: Bool,
    _ visit: (LayerWalk<Cell>) throws -> BackwardResult<Element>
  ) rethrows -> StackGradients<Element> {
    precondition(divergence == nil, "no gradients: the forward pass diverged")
    var found = StackGradients<Element>(layers: passes.count)
    var above = losses
    for l in passes.indices.reversed() {
      var below: [InputGradients<Element>] = []
      for (layer, loss) in zip(passes[l], above) {
        let shape = layer.pass.shape
        let inputs = l > 0 || givesInputs ? inputGradients(of: layer) : nil
        let initial =
          givesInitialStates
          ? InitialStateGradients<Element>(shape: shape, carriesCellState: Cell.carriesCellState) : nil
        found.results[l].append(
          try visit(
            LayerWalk(
              layer: layer, loss: loss, finalCell: finalStates?[l].finalCell, inputGradients: inputs,
              initialGradients: initial)))
        if let inputs { below.append(inputs) }
        if let initial { found.initialStates.append(initial) }
      }
      if l > 0 {
        above = self.above(l - 1, below, finalStates: finalStates?[l - 1])
      } else if givesInputs {
        found.inputs = joined(below)
      }
    }
    found.initialStates.reverse()
    return found
  }

  /// What a layer's way back fills with the gradients by its inputs, for the weights of the last run. Layers take turns
  /// with two of them: what one layer fills, the one below it reads while it fills the other. The first layer, which reads
  /// rows of another width, has one of its own.
  @usableFromInline
  func inputGradients(of layer: LayerPass<Cell>) -> InputGradients<Element> {
    let (shape, parameters) = (layer.pass.shape, layer.pass.cell.parameters)
    let turn = layer.layer == 0 ? 0 : 1 + layer.layer % 2
    let direction = layer.direction.index
    if let known = inputMemory[turn][direction], known.shape == shape {
      known.gradients.load(parameters)
      return known.gradients
    }
    let made = InputGradients(shape: shape, parameters: parameters)
    inputMemory[turn][direction] = (shape, made)
    return made
  }

  /// The sum over directions of what they found of their inputs, in the order of the sequence.
  @usableFromInline
  func joined(_ gradients: [InputGradients<Element>]) -> ScaledRows<Element> {
    gradients.count == 1
      ? ScaledRows(gradients[0]) : ScaledRows(gradients[0], gradients[1], mirror)
  }

  /// What comes to layer l from the one above it, and from the decoder's initial states, for each direction.
  @usableFromInline
  func above(
    _ l: Int, _ gradients: [InputGradients<Element>], finalStates: InitialStateGradients<Element>?
  ) -> [any SequenceLoss<Element>] {
    var rows = joined(gradients)
    if l < masks.count { rows.multiply(by: masks[l]) }
    if let finalStates {
      // The final state itself is not under the mask of what the next layer reads.
      rows.add(
        ScaledRows(
          width: finalStates.width, values: finalStates.hidden, exponents: finalStates.hiddenExponents),
        at: shape.firstRow(of: shape.steps))
    }
    let hidden = passes[l][0].pass.shape.hiddenSize
    return passes[l].count == 1
      ? [rows.upstream]
      : passes[l].map { rows.upstream(of: $0.direction, hiddenSize: hidden, mirror) }
  }
}
