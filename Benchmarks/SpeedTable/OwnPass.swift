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

/// Whole passes of ours, forward and backward with whole weight gradients, again and again on the same memory, as
/// in training.
struct OwnPass<Element: Scalar>: CellVisitor {
  let row: BenchmarkRow
  let parameters: RecurrentParameters<Element>
  let inputs: [Element]
  let loss: FinalDotLoss<Element>
  /// Called with a function that runs one pass.
  let measure: ((Instrumentation) -> Void) -> [Double]

  init(_ row: BenchmarkRow, measure: @escaping ((Instrumentation) -> Void) -> [Double]) {
    self.row = row
    self.measure = measure
    let network = row.network(Element.self)
    parameters = network.parameters
    inputs = network.inputs
    loss = FinalDotLoss(direction: network.direction)
  }

  func visit<Cell: RecurrentCell>(_ type: Cell.Type) -> [Double] where Cell.Element == Element {
    let cell = Cell(parameters: parameters)
    var pass = SequencePass(cell: cell, shape: row.shape, inputs: inputs)
    return measure { instrumentation in
      pass.run(cell: cell, inputs: inputs)
      switch instrumentation {
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
