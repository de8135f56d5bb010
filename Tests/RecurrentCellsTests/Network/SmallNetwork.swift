import GradientFlow
import TestSupport

/// A small network and a batch for it, drawn from a seed.
struct SmallNetwork {
  var cell = CellKind.lstm
  var layers = 2
  var directions = 1
  var hiddenSize = 4
  /// Of an embedding; nil: inputs are numbers.
  var vocabulary: Int?
  var inputSize = 3
  var outputSize = 5
  var isTied = false
  var seed: UInt64 = 1

  func network() -> Network<Double> {
    var stream = RandomStream(rootSeed: seed, trialSeed: 1, purpose: .other(21))
    func matrix(_ rows: Int, _ columns: Int) -> Matrix<Double> {
      Matrix(rows: rows, columns: columns, values: stream.normals(rows * columns, standardDeviation: 0.5))
    }
    let rows = cell.gates.count * hiddenSize
    let model = RecurrentModel<Double>(
      cell: cell,
      layers: (0..<layers).map { l in
        (0..<directions).map { _ in
          RecurrentParameters(
            weightIH: matrix(rows, l == 0 ? inputSize : directions * hiddenSize),
            weightHH: matrix(rows, hiddenSize), biasIH: stream.normals(rows, standardDeviation: 0.2),
            biasHH: stream.normals(rows, standardDeviation: 0.2))
        }
      })
    let embedding = vocabulary.map { matrix($0, inputSize) }
    let weight = isTied ? embedding : nil
    return Network(
      embedding: embedding, recurrent: model,
      readout: Readout(
        weight: weight ?? matrix(outputSize, model.outputSize),
        bias: stream.normals(weight?.rows ?? outputSize)), tiesReadout: isTied)
  }

  /// Sequences of numbers.
  func inputs(_ shape: BatchShape) -> NetworkInputs<Double> {
    var stream = RandomStream(rootSeed: seed, trialSeed: 2, purpose: .other(22))
    return NetworkInputs(shape: shape, inputs: .dense(stream.normals(shape.rowCount * inputSize)))
  }

  /// Passes it.
  func pass<Cell: RecurrentCell<Double>>(
    _ type: Cell.Type, _ inputs: NetworkInputs<Double>, dropout: DropoutDraw? = nil
  ) -> NetworkPass<Cell> {
    let pass = NetworkPass<Cell>()
    pass.run(network(), on: inputs, dropout: dropout)
    return pass
  }
}
