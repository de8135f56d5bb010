import GradientFlow

/// What observes a pass of ours.
enum Instrumentation: CaseIterable, Sendable {
  /// Nothing.
  case none
  /// Norms of the total ∂L/∂h_t and ∂L/∂c_t.
  case stepNorms
  /// Every norm of a sweep's `timesteps.csv`.
  case all
}

/// Times whole passes of ours, forward and backward with whole weight gradients, again and again on the same memory,
/// with weights handed over anew each time, as in training. Logarithms of the norms are part of it.
struct OwnPass<Element: Scalar>: CellVisitor {
  let row: PassRow
  let kinds: [Instrumentation]
  let seconds: Double

  init(_ row: PassRow, kinds: [Instrumentation], seconds: Double) {
    self.row = row
    self.kinds = kinds
    self.seconds = seconds
  }

  /// µs a step by kind.
  func visit<Cell: RecurrentCell>(_ type: Cell.Type) -> [Double] where Cell.Element == Element {
    let network = row.network(Element.self)
    let cell = Cell(parameters: network.parameters)
    let loss = FinalDotLoss(direction: network.direction)
    var pass = SequencePass(cell: cell, shape: row.shape, inputs: network.inputs)
    return Clock.medians(kinds, steps: row.shape.steps, seconds: seconds) { kind in
      pass.run(cell: cell, inputs: network.inputs)
      switch kind {
      case .none:
        _ = pass.backward(loss: loss)
      case .stepNorms:
        var probe = StateGradientNorms<Element>(
          shape: row.shape, carriesCellState: Cell.carriesCellState)
        _ = pass.backward(loss: loss, probe: &probe)
      case .all:
        _ = pass.diagnose(loss: loss)
      }
    }
  }
}
