import Foundation
import GradientFlow

/// One row of the table of updates: what is learnt, by which network and how.
struct TrainingRow: Sendable {
  let task: any LearningTask
  /// As it stands in the table.
  let taskName: String
  let cell: CellKind
  let hidden, steps, batch: Int
  let optimiser: Optimiser
  var penalty: NormPreservationPenalty?
  var truncation: Truncation?

  /// Updates of a run: each on a batch of its own.
  static let updates = 20
  /// Of the norm of the whole gradient.
  private static let limit = 1.0

  /// - Parameter text: what the rows of characters are about.
  static func all(text: String) -> [TrainingRow] {
    func temporalOrder(
      _ cell: CellKind, _ hidden: Int, _ optimiser: Optimiser, penalty: NormPreservationPenalty? = nil
    ) -> TrainingRow {
      TrainingRow(
        task: TemporalOrder(), taskName: "temporal order", cell: cell, hidden: hidden, steps: 50, batch: 20,
        optimiser: optimiser, penalty: penalty)
    }
    let characters = NextCharacter(text: text)
    let optimisers: [Optimiser] = [.sgd, .adam(decay1: 0.9, decay2: 0.999)]
    // The first two are experiments/temporal-order.yaml.
    return [
      temporalOrder(.rnn, 50, .sgd),
      temporalOrder(.rnn, 50, .sgd, penalty: NormPreservationPenalty(form: .squaredRatio, weight: 4)),
    ]
      + [CellKind.rnn, .lstm, .gru].flatMap { cell in
        [64, 128].flatMap { hidden in optimisers.map { temporalOrder(cell, hidden, $0) } }
      }
      + [CellKind.rnn, .lstm, .gru].map { cell in
        TrainingRow(
          task: characters, taskName: "text", cell: cell, hidden: 128, steps: 50, batch: 16,
          optimiser: optimisers[1])
      }
  }

  var name: String {
    "\(cell.rawValue) \(hidden), \(optimiser.kind.rawValue), \(taskName)"
      + (penalty == nil ? "" : ", penalty")
  }

  var plan: TrainingPlan {
    TrainingPlan(
      steps: steps, batch: batch, iterations: .max, optimiser: optimiser, learningRate: rate,
      clip: .globalNorm(Self.limit), penalty: penalty, truncation: truncation, seed: 0)
  }

  private var rate: Double { optimiser.followsLength ? 0.01 : 0.001 }

  /// Every weight of the first network ~ N(0, 0.1²), biases 0.
  func start<Element: Scalar>(_: Element.Type) -> TrainingSnapshot<Element> {
    var stream = RandomStream(rootSeed: 2026, trialSeed: 3, purpose: .other(0))
    func matrix(_ rows: Int, _ columns: Int) -> Matrix<Double> {
      Matrix(rows: rows, columns: columns, values: stream.normals(rows * columns, standardDeviation: 0.1))
    }
    let rows = cell.gates.count * hidden
    let zeros = [Double](repeating: 0, count: rows)
    let network = Network<Double>(
      cell: cell,
      parameters: RecurrentParameters(
        weightIH: matrix(rows, task.inputSize), weightHH: matrix(rows, hidden), biasIH: zeros, biasHH: zeros),
      readout: Readout(
        weight: matrix(task.outputSize, hidden), bias: [Double](repeating: 0, count: task.outputSize)))
    return TrainingSnapshot(network: network.converted(to: Element.self), optimiser: optimiser)
  }

  /// The first network and the batches of the first updates, for the peers.
  func shared(in parent: String) throws -> CaseFolder {
    let network = start(Double.self).network
    let readsAll = task.placement(steps: steps) != .finalStep
    var (tokens, classes): ([Double], [Double]) = ([], [])
    for n in 1...Self.updates {
      let sample = try task.sample(
        Float.self, steps: steps, batch: batch, draw: SampleDraw(seed: 0, use: .training(iteration: n)))
      guard case .tokens(let ids, _) = sample.inputs else {
        preconditionFailure("\(taskName) is a task of tokens")
      }
      tokens += ids.map(Double.init)
      classes += sample.classes.map(Double.init)
    }
    return try CaseFolder(
      name, in: parent,
      description: [
        "cell": cell.rawValue, "layers": 1, "steps": steps, "batch": batch, "inputs": task.inputSize,
        "hidden": hidden, "outputs": task.outputSize, "every_step": readsAll,
        "optimiser": optimiser.kind.rawValue,
        "rate": rate, "limit": Self.limit, "penalty": penalty?.weight ?? 0,
      ],
      arrays: zip(network.arrayPlaces, network.arrays).map { .init($0.name, $1, $0.shape) } + [
        .init("tokens", tokens, [Self.updates, steps, batch]),
        .init("classes", classes, [Self.updates] + (readsAll ? [steps, batch] : [batch])),
      ])
  }

  /// Which peers make the same update.
  func isMade(by kind: Peer.Kind) -> Bool {
    if kind == .numpy { return cell == .rnn && optimiser == .sgd && task is TemporalOrder }
    return penalty == nil
  }
}
