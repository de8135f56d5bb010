import GradientFlow

/// One row of a table of stacks: some layers of a cell, all of H inputs, and the lengths of the sequences.
struct StackRow: Sendable {
  /// How long the sequences of a batch are.
  enum Lengths: Sendable {
    /// All have T steps.
    case equal
    /// T·b/B, b = B…1: every step but the last ones has another number of sequences.
    case even
    /// One has T steps, all others a tenth of them.
    case oneLong
  }

  let cell: CellKind
  let layers: Int
  let shape: SequenceShape
  let lengths: Lengths

  init(_ cell: CellKind, layers: Int, hidden: Int, batch: Int, steps: Int, lengths: Lengths = .equal) {
    self.cell = cell
    self.layers = layers
    self.lengths = lengths
    let values: [Int]? =
      switch lengths {
      case .equal: nil
      case .even: (1...batch).reversed().map { max(1, steps * $0 / batch) }
      case .oneLong: [steps] + Array(repeating: max(1, steps / 10), count: batch - 1)
      }
    shape = SequenceShape(
      steps: steps, batch: batch, inputSize: hidden, hiddenSize: hidden,
      lengths: values.map(SequenceLengths.init))
  }

  /// Depth.
  static let stacks = [CellKind.rnn, .gru, .lstm].flatMap { cell in
    [(64, 16, 200), (128, 32, 200), (256, 64, 100)].flatMap { hidden, batch, steps in
      [1, 2, 4].map { StackRow(cell, layers: $0, hidden: hidden, batch: batch, steps: steps) }
    }
  }

  /// Lengths, each row behind the one whose sequences all have T steps.
  static let ragged = [(64, 16), (128, 32)].flatMap { hidden, batch in
    [Lengths.equal, .even, .oneLong].map {
      StackRow(.lstm, layers: 2, hidden: hidden, batch: batch, steps: 200, lengths: $0)
    }
  }

  var name: String { "\(cell.rawValue) \(shape.hiddenSize), \(shape.batch), \(layers)" }

  /// Real steps over padded ones.
  var realShare: Double { Double(shape.rowCount) / Double(shape.steps * shape.batch) }

  /// T, B and lengths.
  var batchShape: BatchShape {
    BatchShape(steps: shape.steps, batch: shape.batch, lengths: shape.lengths)
  }

  /// A network whose gradient neither vanishes nor explodes, the inputs of its sequences, packed, and the
  /// direction v of its loss Σ_b v·h_T[b].
  func network<Element: Scalar>(_: Element.Type) -> (
    network: Network<Element>, inputs: [Element], direction: [Element]
  ) {
    let h = shape.hiddenSize
    let rows = cell.gates.count * h
    var stream = RandomStream(rootSeed: 2026, trialSeed: 2, purpose: .other(0))
    var bias = [Double](repeating: 0, count: rows)
    // The forget gate of an LSTM, the update gate of a GRU.
    if cell.gates.count > 1 { for k in h..<2 * h { bias[k] = 2 } }
    let parameters = (0..<layers).map { layer in
      RecurrentParameters<Double>(
        weightIH: Matrix(
          rows: rows, columns: h,
          values: stream.normals(
            rows * h, standardDeviation: (layer == 0 ? 0.3 : 1) / Double(h).squareRoot())),
        weightHH: Matrix(
          rows: rows, columns: h,
          values: stream.normals(rows * h, standardDeviation: 1 / Double(h).squareRoot())),
        biasIH: bias, biasHH: [Double](repeating: 0, count: rows))
    }
    let direction = stream.normals(h, standardDeviation: 1)
    let network = Network<Double>(
      recurrent: RecurrentModel(cell: cell, layers: parameters.map { [$0] }),
      readout: Readout(weight: Matrix(rows: 1, columns: h), bias: [0]))
    return (
      network.converted(to: Element.self), Element.array(stream.normals(shape.inputCount)),
      Element.array(direction)
    )
  }

  /// The same on disk, for the peers: each sequence from its own start, followed by zeros.
  func shared(in parent: String) throws -> CaseFolder {
    let (network, inputs, direction) = network(Double.self)
    let (steps, batch, width) = (shape.steps, shape.batch, shape.inputSize)
    var padded = [Double](repeating: 0, count: steps * batch * width)
    for t in 1...steps {
      for b in 0..<shape.count(at: t) {
        let (row, target) = (shape.firstRow(of: t) + b, (t - 1 - shape.start(of: b)) * batch + b)
        padded.replaceSubrange(
          target * width..<(target + 1) * width, with: inputs[row * width..<(row + 1) * width])
      }
    }
    var arrays: [CaseFolder.Array] = [
      .init("inputs", padded, [steps, batch, width]), .init("direction", direction, [shape.hiddenSize]),
    ]
    for (place, values) in zip(network.arrayPlaces, network.arrays) where !place.name.hasPrefix("readout") {
      arrays.append(.init(place.name, values, place.shape))
    }
    if shape.lengths != nil {
      arrays.append(.init("lengths", (0..<batch).map { Double(shape.length(of: $0)) }, [batch]))
    }
    return try CaseFolder(
      "\(name), \(lengths)", in: parent,
      description: [
        "cell": cell.rawValue, "layers": layers, "steps": steps, "batch": batch, "inputs": width,
        "hidden": shape.hiddenSize,
      ], arrays: arrays)
  }

  /// The loss and the whole gradients, by the names of the peers' results.
  var results: [String: [Double]] { cell.accept(StackResults(row: self)) }
}

/// What one pass of a stack finds.
private struct StackResults: CellVisitor {
  typealias Element = Float

  let row: StackRow

  func visit<Cell: RecurrentCell>(_ type: Cell.Type) -> [String: [Double]] where Cell.Element == Float {
    let (network, inputs, direction) = row.network(Float.self)
    let pass = NetworkPass<Cell>()
    pass.run(network, on: NetworkInputs(shape: row.batchShape, inputs: .dense(inputs)))
    let found = pass.backward(loss: FinalDotLoss(direction: direction))
    var results = ["loss": [found.loss]]
    for entry in found.gradients.entries where !entry.name.hasPrefix("readout") {
      results["grad_" + entry.name] = entry.gradient.doubles
    }
    return results
  }
}
