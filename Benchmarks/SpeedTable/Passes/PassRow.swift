import GradientFlow

/// One row of the table: a network and its sizes.
struct PassRow: Sendable {
  let cell: CellKind
  let shape: SequenceShape

  init(_ cell: CellKind, hidden: Int, batch: Int, inputs: Int, steps: Int) {
    self.cell = cell
    shape = SequenceShape(steps: steps, batch: batch, inputSize: inputs, hiddenSize: hidden)
  }

  /// From networks whose steps are all overhead to those that are all matrix products.
  static let all: [PassRow] = [CellKind.rnn, .lstm].flatMap { cell in
    [
      PassRow(cell, hidden: 32, batch: 1, inputs: 8, steps: 200),
      PassRow(cell, hidden: 64, batch: 16, inputs: 16, steps: 200),
      PassRow(cell, hidden: 128, batch: 32, inputs: 16, steps: 200),
      PassRow(cell, hidden: 256, batch: 64, inputs: 64, steps: 100),
    ]
  }

  var name: String {
    "\(cell.rawValue) \(shape.hiddenSize), \(shape.batch), \(shape.inputSize)"
  }

  /// A network whose gradient neither vanishes nor explodes over the sequence, so that every peer computes on
  /// ordinary numbers and results can be compared at every step.
  func network<Element: Scalar>(_: Element.Type) -> (
    parameters: RecurrentParameters<Element>, inputs: [Element], direction: [Element]
  ) {
    let (h, i) = (shape.hiddenSize, shape.inputSize)
    let rows = cell.gates.count * h
    var stream = RandomStream(rootSeed: 2026, trialSeed: 1, purpose: .other(0))
    let scale = (cell == .lstm ? 1.0 : 1.05) / Double(h).squareRoot()
    var bias = [Double](repeating: 0, count: rows)
    if cell == .lstm { for k in h..<2 * h { bias[k] = 2 } }
    let parameters = RecurrentParameters<Double>(
      weightIH: Matrix(
        rows: rows, columns: i,
        values: stream.normals(rows * i, standardDeviation: 0.3 / Double(i).squareRoot())),
      weightHH: Matrix(
        rows: rows, columns: h, values: stream.normals(rows * h, standardDeviation: scale)),
      biasIH: bias, biasHH: [Double](repeating: 0, count: rows))
    let direction = stream.normals(h, standardDeviation: 1)
    return (
      parameters.converted(to: Element.self), Element.array(stream.normals(shape.inputCount)),
      Element.array(direction)
    )
  }
}
