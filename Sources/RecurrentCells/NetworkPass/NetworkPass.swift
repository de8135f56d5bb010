import LinearAlgebra

/// A network on a batch of sequences: its forward pass, and ways back through it. The memory is kept for the next run.
///
/// Layers are passed one after the other; what layer l gives is what layer l + 1 reads. With an encoder, its layers are
/// passed first, and each layer of the decoder starts from its final state.
///
/// - Complexity: the passes of its layers; O(rows·D·H) memory for what each gives beside their tapes.
public final class NetworkPass<Cell: RecurrentCell> {
  public typealias Element = Cell.Element

  /// The network of the last run; nil before the first.
  @usableFromInline var network: Network<Element>?
  /// Its layers, and those of its encoder.
  @usableFromInline var main, source: LayerStack<Cell>
  @usableFromInline let tapeBudget: Int

  /// - Parameter tapeBudget: bytes that the tape of a layer may take before checkpoints are used.
  public init(tapeBudget: Int = SequencePass<Cell>.defaultTapeBudget) {
    self.tapeBudget = tapeBudget
    main = LayerStack(part: nil, tapeBudget: tapeBudget)
    source = LayerStack(part: .encoder, tapeBudget: tapeBudget)
  }

  /// By layer, then by direction. Empty above a layer that diverged.
  public var layers: [[LayerPass<Cell>]] { divergence?.place.part == .encoder ? [] : main.layers }
  /// Those of the encoder.
  public var encoderLayers: [[LayerPass<Cell>]] { network?.encoder == nil ? [] : source.layers }
  /// Where the last forward pass left the range of `Element`; nil if it did not.
  public var divergence: NetworkDivergence? {
    (network?.encoder == nil ? nil : source.divergence) ?? main.divergence
  }

  /// Runs the forward pass.
  ///
  /// - Parameters:
  ///   - dropout: of an update in training; nil everywhere else.
  ///   - keepsWeights: whether the weights are those of the last run, which then need not be prepared anew: for networks
  ///     that are run a few steps at a time.
  /// - Precondition: sizes agree; the network's cell is `Cell`; tokens are in the vocabulary.
  @inlinable
  public func run(
    _ network: Network<Element>, on inputs: NetworkInputs<Element>, dropout: DropoutDraw? = nil,
    keepsWeights: Bool = false
  ) {
    self.network = network
    var initial = inputs.initialState
    let part: NetworkPart? = network.encoder == nil ? nil : .decoder
    if main.part != part { main = LayerStack(part: part, tapeBudget: tapeBudget) }
    if let encoder = network.encoder {
      let (shape, read) = checkedSource(inputs)
      // Masks of the encoder come behind those of the decoder.
      source.run(
        encoder.recurrent, embedding: encoder.embedding, on: shape, read, from: nil, dropout: dropout,
        maskPart: network.recurrent.layers.count, keepsWeights: keepsWeights)
      main.divergence = nil
      guard source.divergence == nil else { return }
      initial = source.finalState
    } else {
      precondition(inputs.source == nil, "a source sequence for a network without an encoder")
    }
    main.run(
      network.recurrent, embedding: network.embedding, on: inputs.shape, inputs.inputs, from: initial,
      dropout: dropout, maskPart: 0, keepsWeights: keepsWeights)
  }

  @usableFromInline
  func checkedSource(
    _ inputs: NetworkInputs<Element>
  ) -> (shape: BatchShape, inputs: SequenceInputs<Element>) {
    guard let source = inputs.source else { preconditionFailure("an encoder without a source sequence") }
    precondition(inputs.initialState == nil, "a decoder starts from the final states of its encoder")
    precondition(
      source.shape.batch == inputs.shape.batch,
      "\(source.shape.batch) source sequences for \(inputs.shape.batch)")
    return source
  }

  /// What the last layer gives, [rows, D·H], in the order of the sequence.
  ///
  /// - Precondition: the forward pass did not diverge.
  @inlinable
  public var outputs: [Element] {
    precondition(divergence == nil, "no outputs: the forward pass diverged")
    let last = main.passes.count - 1
    let width = main.passes[last].count * main.passes[last][0].pass.shape.hiddenSize
    return [Element](writing: main.shape.rowCount * width) { main.copyOutputs(of: last, into: $0) }
  }

  /// The states after each sequence's last step.
  ///
  /// - Precondition: the forward pass did not diverge.
  public var finalState: NetworkState<Element> {
    precondition(divergence == nil, "no final state: the forward pass diverged")
    return main.finalState
  }

  /// The states after step t of a pass of forward layers without checkpoints, for sequences of one length.
  public func state(_ t: Int) -> NetworkState<Element>? {
    guard divergence == nil, main.shape.lengths == nil else { return nil }
    var layers: [[InitialState<Element>]] = []
    for passes in main.layers {
      guard passes.count == 1, let hidden = passes[0].pass.hiddenState(t) else { return nil }
      layers.append([InitialState(hidden: hidden, cell: passes[0].pass.cellState(t))])
    }
    return NetworkState(layers: layers)
  }
}
