import LinearAlgebra

/// The weights of a recurrent network of one or more layers, each read forward or in both directions.
///
/// Layer 0 reads x_t; layer l > 0 reads what layer l − 1 gives, which for two directions is both hidden states side
/// by side, forward first: I_l = D·H, as in torch.nn.RNN, LSTM and GRU.
public struct RecurrentModel<Element: Scalar>: Sendable, Equatable {
  /// The cell of every layer and direction.
  public let cell: CellKind
  /// By layer, then by direction: forward, and reverse where there are two.
  public internal(set) var layers: [[RecurrentParameters<Element>]]

  /// - Precondition: there is at least one layer; all have the same one or two directions, the same H and the
  ///   cell's gates; layer l > 0 has I = D·H.
  public init(cell: CellKind, layers: [[RecurrentParameters<Element>]]) {
    let directions = layers.first?.count ?? 0
    precondition((1...2).contains(directions), "a model has at least one layer of one or two directions")
    let (hidden, gates) = (layers[0][0].hiddenSize, cell.gates.count)
    for (l, layer) in layers.enumerated() {
      precondition(
        layer.count == directions, "layer \(l) has \(layer.count) directions, layer 0 \(directions)")
      for parameters in layer {
        let inputs = l == 0 ? layers[0][0].inputSize : directions * hidden
        precondition(
          parameters.hiddenSize == hidden && parameters.gateCount == gates && parameters.inputSize == inputs,
          "layer \(l): I = \(parameters.inputSize), H = \(parameters.hiddenSize), \(parameters.gateCount) gates; "
            + "must be I = \(inputs), H = \(hidden), \(gates) gates")
      }
    }
    self.cell = cell
    self.layers = layers
  }

  /// A model of one layer, read forward.
  public init(cell: CellKind, parameters: RecurrentParameters<Element>) {
    self.init(cell: cell, layers: [[parameters]])
  }

  /// The directions of every layer.
  public var directions: [Direction] { Array(Direction.allCases.prefix(layers[0].count)) }
  /// I of the first layer.
  public var inputSize: Int { layers[0][0].inputSize }
  /// H of every layer and direction.
  public var hiddenSize: Int { layers[0][0].hiddenSize }
  /// D·H, the width of what the last layer gives.
  public var outputSize: Int { layers[0].count * hiddenSize }
}
