import LinearAlgebra

extension NetworkPass {
  /// Walks the layers from the last to the first, the decoder's before the encoder's. `visit` makes the way back through
  /// one of them with whatever probes it likes.
  ///
  /// May be called again, with another loss, clip or probe: the tapes stay. The last layer, if it is read forward only,
  /// takes the loss by itself; of a last layer with two directions, gradients of its outputs are formed first.
  ///
  /// - Parameter reading: what a loss at the final step reads of a last layer with two directions.
  /// - Precondition: the forward pass did not diverge; the loss's readout takes D·H numbers.
  @inlinable
  public func backward(
    loss: any SequenceLoss<Element>, reading: FinalReading = .finalStates,
    _ visit: (LayerWalk<Cell>) throws -> BackwardResult<Element>
  ) rethrows -> NetworkBackwardResult<Element> {
    guard let network, divergence == nil, let last = main.passes.last else {
      preconditionFailure("no gradients: the forward pass diverged, or was not run")
    }
    let top = last.count == 1 ? nil : outputGradients(of: loss, reading: reading)
    let hasEncoder = network.encoder != nil
    let found = try main.backward(
      losses: top?.upstream ?? [loss], givesInputs: network.embedding != nil,
      givesInitialStates: hasEncoder, visit)
    var read: StackGradients<Element>?
    if let encoder = network.encoder {
      let initial = found.initialStates
      read = try source.backward(
        losses: [initial[initial.count - 1].upstream], finalStates: initial,
        givesInputs: encoder.embedding != nil, givesInitialStates: false, visit)
    }
    return result(of: network, found, read, top)
  }

  /// The same without probes.
  @inlinable
  public func backward(
    loss: any SequenceLoss<Element>, reading: FinalReading = .finalStates, clip: StepClip = .none
  ) -> NetworkBackwardResult<Element> {
    backward(loss: loss, reading: reading) { $0.backward(clip: clip) }
  }

  /// The loss of both directions' outputs.
  @inlinable
  func outputGradients(of loss: any SequenceLoss<Element>, reading: FinalReading) -> OutputGradients<Element>
  {
    let last = main.passes[main.passes.count - 1]
    let shape = last[0].pass.shape
    if loss.placement == .finalStep, reading == .finalStates {
      return OutputGradients(of: loss, states: last.compactMap { $0.finalState?.hidden }, shape: shape)
    }
    return OutputGradients(of: loss, outputs: outputs, shape: shape, main.mirror)
  }

  /// What the layers found, by the names of the network.
  @inlinable
  func result(
    of network: Network<Element>, _ found: StackGradients<Element>, _ read: StackGradients<Element>?,
    _ top: OutputGradients<Element>?
  ) -> NetworkBackwardResult<Element> {
    var entries: [NetworkGradients<Element>.Entry] = []
    func add(_ name: String, _ gradient: ScaledArray<Element>?) {
      if let gradient { entries.append(.init(name: name, gradient: gradient)) }
    }
    func add(_ stack: LayerStack<Cell>, _ found: StackGradients<Element>) {
      for (l, results) in found.results.enumerated() {
        for (d, result) in results.enumerated() {
          let (names, gradients) = (stack.passes[l][d].names, result.gradients)
          add(names.weightIH, gradients.weightIH)
          add(names.weightHH, gradients.weightHH)
          add(names.biasIH, gradients.biasIH)
          add(names.biasHH, gradients.biasHH)
        }
      }
    }
    if let encoder = network.encoder, let read {
      add(source.embeddingName, embeddingGradient(encoder.embedding, source, read))
      add(source, read)
    }
    let direct = found.results[found.results.count - 1][0]
    let readoutWeight = top?.readoutWeight ?? direct.gradients.readoutWeight
    let readoutBias = top?.readoutBias ?? direct.gradients.readoutBias
    var embedding = embeddingGradient(network.embedding, main, found)
    if network.tiesReadout, let readoutWeight { embedding = embedding?.adding(readoutWeight) }
    add(main.embeddingName, embedding)
    add(main, found)
    if !network.tiesReadout { add("readout.weight", readoutWeight) }
    add("readout.bias", readoutBias)
    return NetworkBackwardResult(
      loss: top?.loss ?? direct.loss, gradients: NetworkGradients(entries: entries),
      clippedFraction: clippedFraction(found, read))
  }

  @inlinable
  func embeddingGradient(
    _ embedding: Matrix<Element>?, _ stack: LayerStack<Cell>, _ found: StackGradients<Element>
  ) -> ScaledArray<Element>? {
    guard let embedding else { return nil }
    return found.inputs?.sums(byToken: stack.ids, count: embedding.rows)
  }

  /// Over all layers and directions.
  @inlinable
  func clippedFraction(_ found: StackGradients<Element>, _ read: StackGradients<Element>?) -> Double {
    var (compared, clipped) = (0, 0)
    for layer in found.results + (read?.results ?? []) {
      for result in layer {
        compared += result.comparedNorms
        clipped += Int((result.clippedFraction * Double(result.comparedNorms)).rounded())
      }
    }
    return compared == 0 ? 0 : Double(clipped) / Double(compared)
  }
}
