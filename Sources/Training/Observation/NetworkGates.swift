import GradientDiagnostics
import LinearAlgebra
import RecurrentCells

/// What the gates of each layer and direction do on the sequences of an update, in double precision: a forward pass of
/// its own. None of a network whose state leaves the range.
struct NetworkGates: CellVisitor {
  typealias Element = Double
  let network: Network<Double>
  let inputs: NetworkInputs<Double>
  let dropout: DropoutDraw?

  func visit<Cell: RecurrentCell>(
    _ type: Cell.Type
  ) -> [LayerPlace: GateActivity] where Cell.Element == Double {
    let pass = NetworkPass<Cell>()
    pass.run(network, on: inputs, dropout: dropout)
    guard pass.divergence == nil else { return [:] }
    var found: [LayerPlace: GateActivity] = [:]
    for layer in (pass.encoderLayers + pass.layers).joined() {
      found[layer.place] = layer.pass.gateActivity()
    }
    return found
  }
}

extension NetworkInputs {
  /// The same numbers in another precision.
  func converted<Other: Scalar>(to type: Other.Type) -> NetworkInputs<Other> {
    NetworkInputs<Other>(
      shape: shape, inputs: inputs.converted(to: type),
      source: source.map { ($0.shape, $0.inputs.converted(to: type)) },
      initialState: initialState.map { state in
        NetworkState<Other>(
          layers: state.layers.map { layer in
            layer.map {
              InitialState(
                hidden: Other.array(Element.doubles($0.hidden)),
                cell: $0.cell.map { Other.array(Element.doubles($0)) })
            }
          })
      })
  }
}

extension SequenceInputs {
  fileprivate func converted<Other: Scalar>(to type: Other.Type) -> SequenceInputs<Other> {
    switch self {
    case .dense(let values): return .dense(Other.array(Element.doubles(values)))
    case .tokens(let ids, let count): return .tokens(ids, count: count)
    }
  }
}
