import LinearAlgebra

/// One layer of a network, read in one direction, with its forward pass.
///
/// Time is the layer's own: the reverse direction reads each sequence from its own end, so that in both directions
/// gradients travel from t = T to t = 1, and `lag` = T − t.
public final class LayerPass<Cell: RecurrentCell> {
  public let place: LayerPlace
  /// The pass, in the layer's own time.
  public var pass: SequencePass<Cell>
  /// PyTorch's names of its parameters.
  @usableFromInline let names: (weightIH: String, weightHH: String, biasIH: String, biasHH: String)

  /// The final state of a pass with checkpoints, whose tape moves on.
  private var keptState: InitialState<Cell.Element>?

  @usableFromInline
  init(place: LayerPlace, pass: consuming SequencePass<Cell>) {
    self.place = place
    self.pass = pass
    names = (
      place.name("weight_ih"), place.name("weight_hh"), place.name("bias_ih"), place.name("bias_hh")
    )
  }

  /// From 0.
  public var layer: Int { place.layer }
  public var direction: Direction { place.direction }

  /// h_T and c_T: those after each sequence's own last step. nil of a pass that diverged.
  public var finalState: InitialState<Cell.Element>? {
    if pass.divergedAt != nil { return nil }
    return pass.plan.checkpoints ? keptState : finalStateOnTape
  }

  /// Right after the forward pass, when the final state is on the tape in any case: keeps it where it will not stay there.
  @usableFromInline
  func keepFinalState() {
    if pass.plan.checkpoints { keptState = pass.divergedAt == nil ? finalStateOnTape : nil }
  }

  private var finalStateOnTape: InitialState<Cell.Element> {
    let (t, count) = (pass.shape.steps, pass.shape.stateCount)
    return InitialState(
      hidden: Array(UnsafeBufferPointer(start: pass.tape.hidden(t), count: count)),
      cell: Cell.carriesCellState
        ? Array(UnsafeBufferPointer(start: pass.tape.cell(t), count: count)) : nil)
  }
}

extension SequencePass {
  /// Copies h_t of every row into columns of rows that begin `stride` apart.
  ///
  /// - Parameter places: where each row goes; nil: where it is.
  /// - Precondition: the forward pass did not diverge.
  @inlinable
  mutating func copyStates(into target: UnsafeMutablePointer<Element>, stride: Int, places: [Int]? = nil) {
    let shape = shape
    if shape.lengths == nil, !plan.checkpoints {
      // The rows of all steps follow each other.
      copyRows(
        shape.rowCount, width: shape.hiddenSize, from: tape.hidden(1), stride: shape.hiddenSize, to: target,
        stride: stride, places: places?[...])
      return
    }
    visitSteps(.ascending, readsInputs: false) { step in
      let (first, count) = (shape.firstRow(of: step.time), shape.count(at: step.time))
      copyRows(
        count, width: shape.hiddenSize, from: step.hidden, stride: shape.hiddenSize,
        to: places == nil ? target + first * stride : target, stride: stride,
        places: places?[first..<first + count])
    }
  }
}
