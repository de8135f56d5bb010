import LinearAlgebra

extension NetworkPass {
  /// Walks the layers from the last to the first, the decoder's before the encoder's. `visit` makes the way back through
  /// one of them with whatever probes it likes.
  ///
  /// May be called again, with another loss, clip or probe: the tapes stay. The last layer, if it is read forward only,
  /// takes the loss by itself; of a last layer with two directions, gradients of its outputs are formed first.
  ///
  /// - Parameters:
  ///   - reading: what a loss at the final step reads of a last layer with two directions.
  ///   - givesInputs: whether ∂L/∂x and ∂L/∂h_0 are wanted.
  /// - Precondition: the forward pass did not diverge; the loss's readout takes D·H numbers.
  @inlinable
  public func backward(
    loss: any SequenceLoss<Element>, reading: FinalReading = .finalStates, givesInputs: Bool = false,
    _ visit: (LayerWalk<Cell>) throws -> BackwardResult<Element>
  ) rethrows -> NetworkBackwardResult<Element> {
    guard let network, divergence == nil, let last = main.passes.last else {
      preconditionFailure("no gradients: the forward pass diverged, or was not run")
    }
    let top = last.count == 1 ? nil : outputGradients(of: loss, reading: reading)
    return try backward(
      network, losses: top?.upstream ?? [loss], finalStates: nil, givesInputs: givesInputs, top, visit)
  }

  /// The same for what comes back from elsewhere in place of a loss.
  ///
  /// - Parameter givesInputs: whether ∂L/∂x and ∂L/∂h_0 are wanted, for whatever stands before the network.
  /// - Precondition: as of ``backward(loss:reading:_:)``; gradients of the widths of the network's last layer, and of
  ///   all of its layers and directions where there are some of final states.
  @inlinable
  public func backward(
    upstream: NetworkUpstream<Element>, givesInputs: Bool = false,
    _ visit: (LayerWalk<Cell>) throws -> BackwardResult<Element>
  ) rethrows -> NetworkBackwardResult<Element> {
    guard let network, divergence == nil, let last = main.passes.last else {
      preconditionFailure("no gradients: the forward pass diverged, or was not run")
    }
    return try backward(
      network, losses: losses(of: upstream, last), finalStates: upstream.finalStates,
      givesInputs: givesInputs,
      OutputGradients(loss: upstream.loss ?? .nan), visit)
  }

  @inlinable
  func backward(
    _ network: Network<Element>, losses: [any SequenceLoss<Element>],
    finalStates: [[StateGradients<Element>]]?, givesInputs: Bool, _ top: OutputGradients<Element>?,
    _ visit: (LayerWalk<Cell>) throws -> BackwardResult<Element>
  ) rethrows -> NetworkBackwardResult<Element> {
    let found = try main.backward(
      losses: losses, finalStates: finalStates, givesInputs: givesInputs || network.embedding != nil,
      givesInitialStates: givesInputs || network.encoder != nil, visit)
    var read: StackGradients<Element>?
    if let encoder = network.encoder {
      let initial = found.initialStates
      read = try source.backward(
        losses: [initial[initial.count - 1][0].upstream],
        finalStates: initial.map { $0.map { StateGradients($0) } },
        givesInputs: givesInputs || encoder.embedding != nil, givesInitialStates: false, visit)
    }
    var result = result(of: network, found, read, top)
    if givesInputs {
      result.inputs = found.inputs
      result.sourceInputs = read?.inputs
      result.initialStates =
        network.encoder == nil ? found.initialStates.map { $0.map { StateGradients($0) } } : nil
    }
    return result
  }

  /// What each direction of the last layer takes as its loss.
  @usableFromInline
  func losses(
    of upstream: NetworkUpstream<Element>, _ last: [LayerPass<Cell>]
  ) -> [any SequenceLoss<Element>] {
    let shape = main.shape
    let hidden = last[0].pass.shape.hiddenSize
    let layers = main.passes.count
    precondition(
      upstream.finalStates.map { $0.count == layers && $0.allSatisfy { $0.count == last.count } } ?? true,
      "gradients by final states of other layers than those of the network")
    let rows =
      upstream.outputs
      ?? ScaledRows(
        width: last.count * hidden, values: Array(repeating: 0, count: shape.rowCount * last.count * hidden))
    precondition(
      rows.width == last.count * hidden && rows.exponents.count == shape.rowCount,
      "gradients [\(rows.exponents.count), \(rows.width)] for outputs [\(shape.rowCount), \(last.count * hidden)]"
    )
    let read = (1...shape.steps).filter { t in
      (shape.firstRow(of: t)..<shape.firstRow(of: t + 1)).contains { !rows.isZero(row: $0) }
    }
    let placements = last.map { layer -> LossPlacement in
      if layer.direction == .forward { return .steps(Set(read)) }
      var own: Set<Int> = []
      for t in read {
        for b in 0..<shape.count(at: t) { own.insert(shape.mirrored(t, of: b)) }
      }
      return .steps(own)
    }
    return main.upstream(
      of: rows, last, finalStates: upstream.finalStates?[layers - 1],
      placements: placements.map { $0.count(of: shape.steps) == shape.steps ? .everyStep : $0 })
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
