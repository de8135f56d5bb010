import GradientFlow

/// The parts of a network that trainings are tested on.
struct NetworkParts: Sendable, CustomStringConvertible {
  var cell: CellKind
  var layers = 2
  var isBidirectional = false
  /// E; nil: tokens are read as one-hot rows.
  var embeddingSize: Int?
  var tiesReadout = false
  var hidden = 4

  var description: String {
    "\(cell.rawValue), \(layers) layers\(isBidirectional ? ", both directions" : "")"
      + (embeddingSize.map { ", E = \($0)" } ?? "") + (tiesReadout ? ", tied" : "")
  }

  /// Random numbers everywhere; with an encoder where the task says another sequence.
  func network(for task: any LearningTask, seed: UInt64 = 1) -> Network<Double> {
    var stream = RandomStream(rootSeed: 12, trialSeed: seed, purpose: .other(0))
    let (rows, width) = (cell.gates.count * hidden, hidden * (isBidirectional ? 2 : 1))
    func matrix(_ rows: Int, _ columns: Int, _ deviation: Double) -> Matrix<Double> {
      Matrix(
        rows: rows, columns: columns, values: stream.normals(rows * columns, standardDeviation: deviation))
    }
    func embedding() -> Matrix<Double>? { embeddingSize.map { matrix(task.tokenCount ?? 1, $0, 0.8) } }
    func model() -> RecurrentModel<Double> {
      RecurrentModel(
        cell: cell,
        layers: (0..<layers).map { layer in
          (0..<(isBidirectional ? 2 : 1)).map { _ in
            RecurrentParameters(
              weightIH: matrix(rows, layer == 0 ? embeddingSize ?? task.inputSize : width, 0.6),
              weightHH: matrix(rows, hidden, 1.1 / Double(hidden).squareRoot()),
              biasIH: stream.normals(rows, standardDeviation: 0.3),
              biasHH: stream.normals(rows, standardDeviation: 0.3))
          }
        })
    }
    let encoder =
      task.topology == .encoderDecoder
      ? Encoder(embedding: embedding(), recurrent: model()) : nil
    let read = embedding()
    let recurrent = model()
    let weight = tiesReadout ? read : nil
    return Network(
      encoder: encoder, embedding: read, recurrent: recurrent,
      readout: Readout(
        weight: weight ?? matrix(task.outputSize, width, 0.8),
        bias: stream.normals(task.outputSize, standardDeviation: 0.2)), tiesReadout: tiesReadout)
  }
}
