import LinearAlgebra

/// The layers of one part of a network on a batch of sequences: their forward passes, on memory that is kept.
@usableFromInline
final class LayerStack<Cell: RecurrentCell> {
  @usableFromInline typealias Element = Cell.Element

  @usableFromInline let part: NetworkPart?
  /// PyTorch's name of the embedding that it reads, if there is one.
  @usableFromInline let embeddingName: String
  @usableFromInline let tapeBudget: Int
  /// T, B and lengths of the last run.
  @usableFromInline var shape = BatchShape(steps: 1, batch: 1)
  /// By layer, then by direction: the passes whose memory there is.
  @usableFromInline var passes: [[LayerPass<Cell>]] = []
  /// How many directions of how many layers the last run made: all, unless one diverged.
  @usableFromInline var made: (layers: Int, directions: Int) = (0, 0)
  /// Where it diverged.
  @usableFromInline var divergence: NetworkDivergence?
  /// Of what each layer but the last gives; empty without dropout.
  @usableFromInline var masks: [DropoutMask<Element>] = []
  /// Token ids of the last run, that an embedding was read by.
  @usableFromInline var ids: [Int] = []
  /// Of ∂L/∂x, by turn and direction; made when first needed.
  @usableFromInline var inputMemory: [[(shape: SequenceShape, gradients: InputGradients<Element>)?]] =
    Array(repeating: [nil, nil], count: 3)
  /// For the reverse directions; made when first needed.
  @usableFromInline var knownMirror: MirroredRows?

  @usableFromInline
  init(part: NetworkPart?, tapeBudget: Int) {
    self.part = part
    embeddingName = (part?.prefix ?? "") + "embedding.weight"
    self.tapeBudget = tapeBudget
  }

  /// The layers that were passed; none above one that diverged.
  @usableFromInline
  var layers: [[LayerPass<Cell>]] {
    passes.prefix(made.layers).enumerated().map { l, passes in
      Array(l == made.layers - 1 ? passes.prefix(made.directions) : passes[...])
    }
  }

  /// The states after each sequence's last step.
  ///
  /// - Precondition: the run did not diverge.
  @usableFromInline
  var finalState: NetworkState<Element> { NetworkState(layers: layers.map { $0.compactMap(\.finalState) }) }

  @usableFromInline
  var mirror: MirroredRows {
    if let knownMirror, knownMirror.shape == shape { return knownMirror }
    let mirror = MirroredRows(shape)
    knownMirror = mirror
    return mirror
  }

  // MARK: - Forward

  /// Passes the layers one after the other.
  ///
  /// - Parameters:
  ///   - maskPart: the number of the first layer's dropout mask.
  ///   - keepsWeights: whether the weights are those of the last run.
  @inlinable
  func run(
    _ model: RecurrentModel<Element>, embedding: Matrix<Element>?, on shape: BatchShape,
    _ inputs: SequenceInputs<Element>, from initial: NetworkState<Element>?, dropout: DropoutDraw?,
    maskPart: Int, keepsWeights: Bool
  ) {
    begin(model, embedding: embedding, on: shape, inputs, from: initial, dropout: dropout, maskPart: maskPart)
    // Of the first layer, where they are read as they are.
    let given = embedding == nil ? inputs.layerInputs : .rows([])
    for (l, layer) in model.layers.enumerated() {
      for (d, parameters) in layer.enumerated() {
        made = (l + 1, d + 1)
        let own = shape.with(inputSize: parameters.inputSize, hiddenSize: model.hiddenSize)
        let direction = Direction.allCases[d]
        let start = initial?.layers[l][d]
        let cell = Cell(parameters: parameters)
        if l == 0, d == 0, embedding == nil {
          pass(l, d, cell, own, given, start, keepsWeights)
        } else if let states = statesAsInputs(of: l) {
          pass(l, d, cell, own, .below(states), start, keepsWeights)
        } else if l == 0, embedding == nil, case .tokens(let tokens) = given {
          pass(l, d, cell, own, .tokens(mirror.order.map { tokens[$0] }), start, keepsWeights)
        } else {
          pass(l, d, cell, own, start, keepsWeights) { target in
            if d > 0, l > 0 || embedding != nil {
              // What the forward direction reads, in the other order.
              mirrorRows(passes[l][0].pass.inputs, width: own.inputSize, into: target)
            } else if l > 0 {
              writeOutputs(of: l - 1, into: target)
            } else if let embedding {
              copyRows(
                own.rowCount, width: own.inputSize, from: embedding.values, stride: own.inputSize, order: ids,
                to: target, stride: own.inputSize)
            } else if case .rows(let rows) = given {
              mirrorRows(rows, width: own.inputSize, into: target)
            }
          }
        }
        let made = passes[l][d]
        made.keepFinalState()
        if let step = made.pass.divergedAt {
          divergence = NetworkDivergence(
            place: LayerPlace(part: part, layer: l, direction: direction), step: step)
          return
        }
      }
    }
  }

  /// Checks what a run is given, and draws its masks.
  @usableFromInline
  func begin(
    _ model: RecurrentModel<Element>, embedding: Matrix<Element>?, on shape: BatchShape,
    _ inputs: SequenceInputs<Element>, from initial: NetworkState<Element>?, dropout: DropoutDraw?,
    maskPart: Int
  ) {
    precondition(
      model.cell.gates == Cell.gates, "a network of \(model.cell.rawValue) cells is none of \(Cell.self)")
    precondition(
      initial.map { $0.layers.map(\.count) == model.layers.map(\.count) } ?? true,
      "initial states of other layers than those of the network")
    self.shape = shape
    divergence = nil
    switch (embedding, inputs) {
    case (let embedding?, .tokens(let tokens, let count)):
      precondition(
        tokens.count == shape.rowCount && count <= embedding.rows
          && tokens.allSatisfy { (0..<embedding.rows).contains($0) },
        "\(tokens.count) tokens below \(count) for \(shape.rowCount) rows and an embedding of \(embedding.rows)"
      )
      ids = tokens
    case (_?, .dense): preconditionFailure("an embedding reads token ids, not numbers")
    case (nil, _): ids = []
    }
    let width = model.outputSize
    if let dropout, dropout.rate > 0 {
      masks = (0..<model.layers.count - 1).map {
        DropoutMask(dropout, count: shape.rowCount * width, part: maskPart + $0)
      }
    } else {
      masks = []
    }
    if passes.count != model.layers.count || passes.first?.count != model.directions.count {
      passes = model.layers.map { _ in [] }
    }
  }

  /// Passes a layer whose inputs are an array as it is.
  @inlinable
  func pass(
    _ l: Int, _ d: Int, _ cell: Cell, _ shape: SequenceShape, _ inputs: LayerInputs<Element>,
    _ initial: InitialState<Element>?, _ keepsWeights: Bool
  ) {
    SequencePass<Cell>.check(cell, shape, inputs, initial)
    if d < passes[l].count, passes[l][d].pass.shape == shape {
      passes[l][d].pass.run(keepsWeights ? nil : cell, inputs, initial)
    } else {
      passes[l].removeSubrange(min(d, passes[l].count)...)
      passes[l].append(
        LayerPass(
          place: LayerPlace(part: part, layer: l, direction: Direction.allCases[d]),
          pass: SequencePass(cell, shape, inputs, initial, tapeBudget)))
    }
  }

  /// What layer l reads, if it is as it stands on the tape of the layer below: nothing is copied then.
  @inlinable
  func statesAsInputs(of l: Int) -> UnsafePointer<Element>? {
    guard l > 0, passes[l - 1].count == 1, shape.lengths == nil, l - 1 >= masks.count else { return nil }
    let below = passes[l - 1][0]
    return below.pass.plan.checkpoints ? nil : UnsafePointer(below.pass.tape.hidden(1))
  }

  /// Passes a layer whose inputs are written where the last ones stood.
  @inlinable
  func pass(
    _ l: Int, _ d: Int, _ cell: Cell, _ shape: SequenceShape, _ initial: InitialState<Element>?,
    _ keepsWeights: Bool, writing write: (UnsafeMutablePointer<Element>) -> Void
  ) {
    if d < passes[l].count, passes[l][d].pass.shape == shape {
      passes[l][d].pass.run(
        cell: keepsWeights ? nil : cell, writingInputs: write, initialState: initial)
    } else {
      pass(l, d, cell, shape, .rows([Element](writing: shape.inputCount, write)), initial, keepsWeights)
    }
  }

  /// What a layer gives, both directions side by side in the order of the sequence, under its dropout mask.
  @inlinable
  func writeOutputs(of l: Int, into target: UnsafeMutablePointer<Element>) {
    let width = passes[l].count * passes[l][0].pass.shape.hiddenSize
    copyOutputs(of: l, into: target)
    if l < masks.count { apply(masks[l], to: target, count: shape.rowCount * width) }
  }

  /// What a layer gives, [rows, D·H], without a mask.
  @inlinable
  func copyOutputs(of l: Int, into target: UnsafeMutablePointer<Element>) {
    let hidden = passes[l][0].pass.shape.hiddenSize
    let width = passes[l].count * hidden
    for (d, layer) in passes[l].enumerated() {
      layer.pass.copyStates(
        into: target + d * hidden, stride: width, places: layer.direction == .reverse ? mirror.order : nil)
    }
  }

  @usableFromInline
  func mirrorRows(_ rows: [Element], width: Int, into target: UnsafeMutablePointer<Element>) {
    copyRows(
      shape.rowCount, width: width, from: rows, stride: width, order: mirror.order, to: target, stride: width)
  }

  @usableFromInline
  func apply(_ mask: DropoutMask<Element>, to rows: UnsafeMutablePointer<Element>, count: Int) {
    let given = Array(UnsafeBufferPointer(start: rows, count: count))
    Element.elementwiseProduct(count, given, mask.values, into: rows)
  }
}

extension SequencePass {
  /// ``run(cell:inputs:initialState:)`` on inputs that are written in the place of the last ones.
  @inlinable
  mutating func run(
    cell: Cell?, writingInputs write: (UnsafeMutablePointer<Element>) -> Void,
    initialState: InitialState<Element>?
  ) {
    var inputs: [Element] = []
    // Taken out, so that they are no one else's and none are copied.
    swap(&inputs, &currentInputs)
    if inputs.count == shape.inputCount {
      inputs.withUnsafeMutableBufferPointer { if let base = $0.baseAddress { write(base) } }
    } else {
      // The last ones stood on the tape below.
      inputs = [Element](writing: shape.inputCount, write)
    }
    run(cell: cell, inputs: inputs, initialState: initialState)
  }
}
