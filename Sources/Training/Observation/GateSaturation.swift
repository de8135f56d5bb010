import GradientDiagnostics
import RecurrentCells

/// The gates of the network of an update, in double precision: a forward pass of its own.
struct GateSaturation: CellVisitor {
  typealias Element = Double
  let parameters: RecurrentParameters<Double>
  let shape: SequenceShape
  let inputs: [Double]
  let initialState: InitialState<Double>?

  func visit<Cell: RecurrentCell>(_ type: Cell.Type) -> GateActivity? where Cell.Element == Double {
    var pass = SequencePass(
      cell: Cell(parameters: parameters), shape: shape, inputs: inputs, initialState: initialState)
    return pass.divergedAt == nil ? pass.gateActivity() : nil
  }
}
