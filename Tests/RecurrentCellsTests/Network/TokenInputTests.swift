import GradientFlow
import TestSupport
import Testing

/// Tokens that are read as one-hot rows, of which no product is formed, against the same rows as numbers.
@Suite("Tokens read as one-hot rows")
struct TokenInputTests {
  private static let size = 7
  private static let cells = [CellKind.rnn, .rnnRelu, .rnnLinear, .lstm, .gru]

  private static func tokens(_ shape: BatchShape) -> [Int] {
    var stream = RandomStream(rootSeed: 3, trialSeed: 1, purpose: .other(23))
    return (0..<shape.rowCount).map { _ in stream.integer(below: size) }
  }

  /// What a pass gives: outputs, and every gradient as number and exponent.
  private struct Found: CellVisitor {
    typealias Element = Double
    let network: Network<Double>
    let inputs: NetworkInputs<Double>
    let classes: [Int]

    func visit<Cell: RecurrentCell>(
      _ type: Cell.Type
    ) -> (outputs: [Double], gradients: [(String, [Double])], norms: [Double])
    where Cell.Element == Double {
      let pass = NetworkPass<Cell>()
      pass.run(network, on: inputs)
      let loss = CrossEntropyLoss(classes: classes, readout: network.readout, placement: .everyStep)
      var norms: [Double] = []
      let result = pass.backward(loss: loss) { walk in
        let diagnosis = walk.diagnose()
        norms += diagnosis.steps.hidden + diagnosis.steps.weightIH
        return diagnosis.result
      }
      let plain = pass.backward(loss: loss)
      #expect(plain.gradients.entries.map(\.name) == result.gradients.entries.map(\.name))
      return (
        pass.outputs,
        plain.gradients.entries.map { entry in
          (
            entry.name,
            entry.gradient.values.map { ScaledNumber($0, exponent: entry.gradient.exponent).double }
          )
        }, norms
      )
    }
  }

  private static func compare(_ small: SmallNetwork, _ shape: BatchShape) {
    let ids = tokens(shape)
    let network = small.network()
    let dense = SequenceInputs<Double>.tokens(ids, count: size).dense
    func found(_ inputs: SequenceInputs<Double>) -> (
      outputs: [Double], gradients: [(String, [Double])], norms: [Double]
    ) {
      network.cell.accept(
        Found(
          network: network, inputs: NetworkInputs(shape: shape, inputs: inputs),
          classes: ids.map { $0 % small.outputSize }))
    }
    let (mine, rows) = (found(.tokens(ids, count: size)), found(.dense(dense)))
    // A column of W_ih is added where a product would add zeros to it.
    #expect(mine.outputs == rows.outputs, "\(small.cell) \(small.directions)")
    for (a, b) in zip(mine.gradients, rows.gradients) {
      let top = b.1.reduce(0) { max($0, $1.magnitude) }
      #expect(
        difference(a.1, b.1, absolute: 1e-14 * top) == nil, "\(small.cell) \(a.0)")
    }
    #expect(difference(mine.norms, rows.norms, absolute: 1e-12) == nil, "\(small.cell)")
  }

  @Test(arguments: cells) func agreeWithRowsOfNumbers(cell: CellKind) {
    for (layers, directions) in [(1, 1), (2, 1), (1, 2), (2, 2)] {
      var small = SmallNetwork()
      (small.cell, small.layers, small.directions, small.inputSize) = (cell, layers, directions, Self.size)
      Self.compare(small, BatchShape(steps: 6, batch: 3))
      Self.compare(small, BatchShape(steps: 1, batch: 1))
    }
  }

  @Test(arguments: cells) func agreeWhereLengthsDiffer(cell: CellKind) {
    var small = SmallNetwork()
    (small.cell, small.directions, small.inputSize) = (cell, 2, Self.size)
    Self.compare(small, BatchShape(steps: 6, batch: 3, lengths: SequenceLengths([6, 4, 1])))
  }

  /// A step whose factors fall below the range is computed once more from the preactivations.
  @Test func agreeWhereUnitsAreSaturated() {
    for cell in [CellKind.rnn, .lstm, .gru] {
      var small = SmallNetwork()
      (small.cell, small.layers, small.inputSize) = (cell, 1, Self.size)
      var network = small.network()
      var arrays = network.arrays
      arrays[0] = arrays[0].map { $0 * 800 }
      network.arrays = arrays
      let shape = BatchShape(steps: 5, batch: 2)
      let ids = Self.tokens(shape)
      let found = [
        SequenceInputs<Double>.tokens(ids, count: Self.size),
        .dense(SequenceInputs<Double>.tokens(ids, count: Self.size).dense),
      ].map { inputs in
        network.cell.accept(
          Found(
            network: network, inputs: NetworkInputs(shape: shape, inputs: inputs),
            classes: ids.map { $0 % small.outputSize }))
      }
      #expect(found[0].outputs == found[1].outputs)
      #expect(difference(found[0].norms, found[1].norms, absolute: 1e-9) == nil, "\(cell)")
    }
  }

  /// A network that is run on is not told its weights again.
  @Test func keepsWeightsWhereAsked() {
    var small = SmallNetwork()
    small.inputSize = Self.size
    let network = small.network()
    let pass = NetworkPass<LSTMCell<Double>>(tapeBudget: .max)
    let ids = Self.tokens(BatchShape(steps: 8, batch: 1))
    func inputs(_ range: Range<Int>, _ state: NetworkState<Double>?) -> NetworkInputs<Double> {
      NetworkInputs(
        shape: BatchShape(steps: range.count, batch: 1),
        inputs: .tokens(Array(ids[range]), count: Self.size), initialState: state)
    }
    pass.run(network, on: inputs(0..<8, nil))
    let whole = pass.outputs
    var parts: [Double] = []
    var state: NetworkState<Double>?
    for k in 0..<8 {
      pass.run(network, on: inputs(k..<k + 1, state), keepsWeights: k > 1)
      state = pass.state(1)
      parts += pass.outputs
    }
    #expect(difference(parts, whole, absolute: 1e-14) == nil)
  }
}
