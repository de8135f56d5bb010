import RecurrentCells

/// A pass that is run again and again on the same memory, as long as the sequences keep their shape.
final class ReusablePass<Cell: RecurrentCell> {
  private var pass: Shared<SequencePass<Cell>>?
  private let tapeBudget: Int

  /// - Parameter tapeBudget: bytes the tape may take before checkpoints are used.
  init(tapeBudget: Int = SequencePass<Cell>.defaultTapeBudget) { self.tapeBudget = tapeBudget }

  /// The forward pass.
  func run(
    _ cell: Cell, shape: SequenceShape, inputs: [Cell.Element], initialState: InitialState<Cell.Element>?
  ) {
    if let pass, pass.value.shape == shape {
      pass.value.run(cell: cell, inputs: inputs, initialState: initialState)
    } else {
      pass = Shared(
        SequencePass(
          cell: cell, shape: shape, inputs: inputs, initialState: initialState,
          tapeBudget: tapeBudget))
    }
  }

  /// Works with the pass that was run.
  func with<Result>(_ body: (inout SequencePass<Cell>) -> Result) -> Result {
    guard let pass else { preconditionFailure("no pass has been run") }
    return body(&pass.value)
  }

  /// The step at which the state left the range of the element type; nil if it did not.
  var divergedAt: Int? { with { $0.divergedAt } }

  /// Visits its steps from the first to the last.
  func visit(_ body: (TapeStep<Cell.Element>) -> Void) {
    with { $0.visitSteps(.ascending, body) }
  }

  /// The state after step t of a pass without checkpoints.
  func state(_ t: Int) -> InitialState<Cell.Element>? {
    with { pass in pass.hiddenState(t).map { InitialState(hidden: $0, cell: pass.cellState(t)) } }
  }
}

/// A value that has no copies, where it can be shared.
final class Shared<Value: ~Copyable> {
  var value: Value

  init(_ value: consuming Value) { self.value = value }
}
