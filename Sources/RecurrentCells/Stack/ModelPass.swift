/// A model of several layers and directions on one batch of sequences: its forward pass.
///
/// Layers are passed one after the other; what layer l gives is what layer l + 1 reads.
///
/// - Complexity: the passes of its layers; O(T·B·D·H) memory for what each gives beside their tapes.
public struct ModelPass<Cell: RecurrentCell> {
  public typealias Element = Cell.Element

  /// T, B, I of the first layer, H.
  public let shape: SequenceShape
  /// By layer, then by direction. Empty above a layer that diverged.
  public let layers: [[LayerPass<Cell>]]
  /// Where the forward pass left the range of `Element`; nil if it did not.
  public let divergence: ModelDivergence?
  /// What the last layer gives, [T, B, D·H]: both directions side by side, in the order of the sequence.
  public let outputs: [Element]
  /// h_T of each direction of the last layer in its own time, side by side [B, D·H]: PyTorch's last h_n.
  public let finalStates: [Element]

  /// Runs the forward pass.
  ///
  /// - Parameters:
  ///   - inputs: x [T, B, I].
  ///   - initialStates: by layer, then by direction; nil for zero.
  /// - Precondition: sizes agree; the model's cell is `Cell`.
  public init(
    _ model: RecurrentModel<Element>, steps: Int, batch: Int, inputs: [Element],
    initialStates: [[InitialState<Element>]]? = nil, tapeBudget: Int = SequencePass<Cell>.defaultTapeBudget
  ) {
    precondition(
      model.cell.gates == Cell.gates, "a model of \(model.cell.rawValue) cells is no model of \(Cell.self)")
    let directions = model.directions
    let hidden = model.hiddenSize
    shape = SequenceShape(steps: steps, batch: batch, inputSize: model.inputSize, hiddenSize: hidden)
    var layers: [[LayerPass<Cell>]] = []
    var given = inputs
    var final: [Element] = []
    var divergence: ModelDivergence?
    for (l, layer) in model.layers.enumerated() where divergence == nil {
      var passes: [LayerPass<Cell>] = []
      let width = layer[0].inputSize
      for (direction, parameters) in zip(directions, layer) where divergence == nil {
        let pass = SequencePass(
          cell: Cell(parameters: parameters),
          shape: SequenceShape(steps: steps, batch: batch, inputSize: width, hiddenSize: hidden),
          inputs: direction.ordered(given, width: batch * width),
          initialState: initialStates?[l][passes.count], tapeBudget: tapeBudget)
        if let step = pass.divergedAt {
          divergence = ModelDivergence(layer: l, direction: direction, step: step)
        }
        passes.append(LayerPass(place: LayerPlace(layer: l, direction: direction), pass: pass))
      }
      layers.append(passes)
      guard divergence == nil else { break }
      (given, final) = Self.outputs(passes, steps: steps, batch: batch, hidden: hidden)
    }
    self.layers = layers
    self.divergence = divergence
    outputs = given
    finalStates = final
  }

  /// Hidden states of all directions side by side, by step of the sequence, and those of the last own steps.
  private static func outputs(
    _ passes: [LayerPass<Cell>], steps: Int, batch: Int, hidden: Int
  ) -> (all: [Element], final: [Element]) {
    let width = passes.count * hidden
    var all = [Element](repeating: 0, count: steps * batch * width)
    var final = [Element](repeating: 0, count: batch * width)
    for (d, layer) in passes.enumerated() {
      layer.pass.visitSteps(.ascending) { step in
        let t = layer.direction == .forward ? step.time : steps + 1 - step.time
        for b in 0..<batch {
          let row = UnsafeBufferPointer(start: step.hidden + b * hidden, count: hidden)
          let first = ((t - 1) * batch + b) * width + d * hidden
          all.replaceSubrange(first..<first + hidden, with: row)
          if step.time == steps {
            final.replaceSubrange(b * width + d * hidden..<b * width + (d + 1) * hidden, with: row)
          }
        }
      }
    }
    return (all, final)
  }
}

/// The first state of a model that is not finite.
public struct ModelDivergence: Sendable, Equatable {
  /// From 0.
  public let layer: Int
  public let direction: Direction
  /// In the layer's own time.
  public let step: Int
}
