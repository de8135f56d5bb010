import LinearAlgebra

/// What the way back through the layers of one part leaves.
@usableFromInline
struct StackGradients<Element: Scalar> {
  /// By layer, then by direction.
  @usableFromInline var results: [[BackwardResult<Element>]]
  /// ∂L/∂x of the first layer; nil unless asked for.
  @usableFromInline var inputs: ScaledRows<Element>?
  /// ∂L/∂h_0 and ∂L/∂c_0 by layer, then by direction; empty unless asked for.
  @usableFromInline var initialStates: [[InitialStateGradients<Element>]]

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
  ///   - finalStates: by layer, then by direction, what reads its final states: a decoder that starts from them, or
  ///     whatever else; of the last layer's hidden states the losses have it.
  @inlinable
  func backward(
    losses: [any SequenceLoss<Element>], finalStates: [[StateGradients<Element>]]? = nil,
    givesInputs: Bool, givesInitialStates: Bool,
    _ visit: (LayerWalk<Cell>) throws -> BackwardResult<Element>
  ) rethrows -> StackGradients<Element> {
    precondition(divergence == nil, "no gradients: the forward pass diverged")
    var found = StackGradients<Element>(layers: passes.count)
    var above = losses
    for l in passes.indices.reversed() {
      var below: [InputGradients<Element>] = []
      var starts: [InitialStateGradients<Element>] = []
      for (d, (layer, loss)) in zip(passes[l], above).enumerated() {
        let shape = layer.pass.shape
        let inputs = l > 0 || givesInputs ? inputGradients(of: layer) : nil
        let initial =
          givesInitialStates
          ? InitialStateGradients<Element>(shape: shape, carriesCellState: Cell.carriesCellState) : nil
        found.results[l].append(
          try visit(
            LayerWalk(
              layer: layer, loss: loss, finalCell: finalStates?[l][d].cell, inputGradients: inputs,
              initialGradients: initial)))
        if let inputs { below.append(inputs) }
        if let initial { starts.append(initial) }
      }
      if givesInitialStates { found.initialStates.append(starts) }
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

  /// What comes to layer l from the one above it, and from what reads its final states, for each direction.
  @usableFromInline
  func above(
    _ l: Int, _ gradients: [InputGradients<Element>], finalStates: [StateGradients<Element>]?
  ) -> [any SequenceLoss<Element>] {
    var rows = joined(gradients)
    if l < masks.count { rows.multiply(by: masks[l]) }
    // The final states themselves are not under the mask of what the next layer reads.
    return upstream(of: rows, passes[l], finalStates: finalStates, placements: nil)
  }

  /// Gradients by what a layer gives, for each of its directions in its own time, with those by its final states.
  ///
  /// - Parameter placements: by direction, the own steps whose rows are not all zero; nil: all.
  @usableFromInline
  func upstream(
    of rows: ScaledRows<Element>, _ passes: [LayerPass<Cell>], finalStates: [StateGradients<Element>]?,
    placements: [LossPlacement]?
  ) -> [UpstreamGradient<Element>] {
    let hidden = passes[0].pass.shape.hiddenSize
    return passes.enumerated().map { d, pass in
      var own = passes.count == 1 ? rows : rows.columns(of: pass.direction, hiddenSize: hidden, mirror)
      var placement = placements?[d] ?? .everyStep
      if let state = finalStates?[d].hidden {
        own.add(state, at: shape.firstRow(of: shape.steps))
        placement = placement.including(shape.steps)
      }
      return UpstreamGradient(values: own.values, exponents: own.exponents, placement: placement)
    }
  }
}

extension LossPlacement {
  /// With one more step.
  @usableFromInline
  func including(_ step: Int) -> LossPlacement {
    if case .steps(let chosen) = self { return .steps(chosen.union([step])) }
    return self
  }
}
