import GradientFlow

/// A task of each kind, with the shortest sequences that have everything: a class at the end, a class at every
/// step, a value at the end.
enum SmallTask: String, CaseIterable, Sendable {
  case order, bits, adding

  var task: any LearningTask {
    switch self {
    case .order: return TemporalOrder()
    case .bits: return BitMemorisation(bits: 2)
    case .adding: return AddingProblem()
    }
  }

  var steps: Int { self == .order ? 10 : 6 }

  /// A plan whose updates subtract the gradient itself, or η times it.
  func plan(
    batch: Int = 3, iterations: Int = 1000, learningRate: Double = 1, clip: GradientClip = .none,
    penalty: NormPreservationPenalty? = nil, seed: UInt64 = 5
  ) -> TrainingPlan {
    TrainingPlan(
      steps: steps, batch: batch, iterations: iterations, learningRate: learningRate, clip: clip,
      penalty: penalty, rootSeed: 3, seed: seed)
  }
}

extension TrainingPlan {
  /// The sequences of an update without truncation.
  func sample<Element: Scalar>(
    _ type: Element.Type, of task: any LearningTask, update n: Int = 1
  ) throws -> TaskSample<Element> {
    try task.sample(
      type, steps: steps, batch: batch,
      draw: SampleDraw(rootSeed: rootSeed, seed: seed, use: .training(iteration: n)))
  }
}

extension Network where Element == Double {
  /// Random numbers everywhere, with W_hh ~ N(0, scale²/H).
  static func random(
    _ cell: CellKind, for task: any LearningTask, hidden: Int = 5, scale: Double = 0.9, seed: UInt64 = 1
  ) -> Network {
    var stream = RandomStream(rootSeed: 11, trialSeed: seed, purpose: .other(0))
    let (rows, inputs, outputs) = (cell.gates.count * hidden, task.inputSize, task.outputSize)
    func matrix(_ rows: Int, _ columns: Int, _ deviation: Double) -> Matrix<Double> {
      Matrix(
        rows: rows, columns: columns, values: stream.normals(rows * columns, standardDeviation: deviation))
    }
    return Network(
      cell: cell,
      parameters: RecurrentParameters(
        weightIH: matrix(rows, inputs, 0.7),
        weightHH: matrix(rows, hidden, scale / Double(hidden).squareRoot()),
        biasIH: stream.normals(rows, standardDeviation: 0.3),
        biasHH: stream.normals(rows, standardDeviation: 0.3)),
      readout: Readout(
        weight: matrix(outputs, hidden, 0.8), bias: stream.normals(outputs, standardDeviation: 0.2)))
  }

  /// Every number, array after array.
  var flat: [Double] { arrays.flatMap { $0 } }

  /// The weights with those of one array moved.
  func moved(_ array: Int, along direction: [Double], by step: Double) -> Network {
    var moved = self
    moved.arrays[array] = zip(arrays[array], direction).map { $0 + step * $1 }
    return moved
  }
}

extension Network {
  /// The layer of a network that has one.
  var only: RecurrentParameters<Element> {
    get { self[LayerPlace(layer: 0)] }
    set { recurrent = RecurrentModel(cell: cell, parameters: newValue) }
  }
}

/// √Σx².
func norm(_ values: some Sequence<Double>) -> Double {
  values.reduce(0) { $0 + $1 * $1 }.squareRoot()
}

/// Σxy.
func dot(_ x: some Sequence<Double>, _ y: some Sequence<Double>) -> Double {
  zip(x, y).reduce(0) { $0 + $1.0 * $1.1 }
}
