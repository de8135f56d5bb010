import GradientFlow

/// Times of ours for one stack, µs a pass.
struct OwnStack {
  /// Forward, backward and the gradients of all weights.
  let whole: Double
  /// The sum of its layers, each passed alone on the same memory again and again: all of them but the last
  /// take a gradient at every step from above, all but the first hand one down.
  let layersAlone: Double

  init(_ row: StackRow, seconds: Double) {
    let times = row.cell.accept(StackTimes(row: row, seconds: seconds))
    whole = times[0]
    layersAlone = times.dropFirst().reduce(0, +)
  }
}

/// The whole stack, then each layer: all take turns.
private struct StackTimes: CellVisitor {
  typealias Element = Float

  let row: StackRow
  let seconds: Double

  func visit<Cell: RecurrentCell>(_ type: Cell.Type) -> [Double] where Cell.Element == Float {
    let (network, inputs, direction) = row.network(Float.self)
    let loss = FinalDotLoss(direction: direction)
    let pass = NetworkPass<Cell>()
    let given = NetworkInputs<Float>(shape: row.batchShape, inputs: .dense(inputs))
    let layers = network.recurrent.layers.indices.map { layer in
      LayerAlone<Cell>(
        row, layer: layer, parameters: network.recurrent.layers[layer][0], inputs: inputs, loss: loss)
    }
    return Clock.medians(Array(-1..<layers.count), steps: 1, seconds: seconds) { layer in
      if layer < 0 {
        pass.run(network, on: given)
        _ = pass.backward(loss: loss)
      } else {
        layers[layer].run()
      }
    }
  }
}

/// A layer of a stack by itself, on inputs like those of the first.
private final class LayerAlone<Cell: RecurrentCell> where Cell.Element == Float {
  private let cell: Cell
  private let inputs: [Float]
  private let loss: any SequenceLoss<Float>
  private let below: InputGradients<Float>?
  private var pass: SequencePass<Cell>

  init(
    _ row: StackRow, layer: Int, parameters: RecurrentParameters<Float>, inputs: [Float],
    loss: FinalDotLoss<Float>
  ) {
    cell = Cell(parameters: parameters)
    self.inputs = inputs
    self.loss =
      layer == row.layers - 1
      ? loss
      : UpstreamGradient(
        values: [Float](repeating: 1e-3, count: row.shape.rowCount * row.shape.hiddenSize),
        exponents: [Int](repeating: 0, count: row.shape.rowCount))
    below = layer == 0 ? nil : InputGradients(shape: row.shape, parameters: parameters)
    pass = SequencePass(cell: cell, shape: row.shape, inputs: inputs)
  }

  func run() {
    pass.run(cell: cell, inputs: inputs)
    _ = pass.backward(loss: loss, inputGradients: below)
  }
}
