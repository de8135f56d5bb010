import LinearAlgebra
import RecurrentCells
import SequenceTasks

/// Reads test sequences, forward only.
struct TaskEvaluator<Cell: RecurrentCell>: ~Copyable {
  typealias Element = Cell.Element
  private let task: any LearningTask
  private let steps: Int
  private let shortest: Int?
  /// Of the whole test set, in batches.
  private let size: Int
  private let rootSeed: UInt64
  private let pass = NetworkPass<Cell>()
  private let own = OwnPredictions<Cell>()

  /// - Parameters:
  ///   - steps: T of the longest sequences.
  ///   - shortest: of the shortest ones; nil: all have T steps.
  ///   - size: sequences of the test set that are wanted.
  init(task: any LearningTask, steps: Int, shortest: Int? = nil, size: Int, rootSeed: UInt64) {
    self.task = task
    self.steps = steps
    self.shortest = shortest
    self.size = TaskEvaluation.size(of: task, wanted: size) / TaskEvaluation.batch
    self.rootSeed = rootSeed
  }

  /// Evaluates a network.
  ///
  /// - Parameters:
  ///   - steps: of the sequences, all of which have as many; nil: those of the evaluator.
  ///   - isWhole: whether the whole test set is read. If not, a tenth of it is read first, and the rest only where the
  ///     success rule holds on it or there is no rule to tell by: what is far from solved need not be known to four digits.
  /// - Returns: nil where the state or the loss leaves the range of `Element`.
  func evaluate(
    _ network: Network<Element>, at steps: Int? = nil, isWhole: Bool
  ) throws(SequenceTaskError) -> TaskEvaluation? {
    let first = task.success == nil || isWhole ? size : max(1, size / 10)
    var sums = EvaluationSums()
    func isGood() -> Bool {
      guard let rule = task.success else { return false }
      return Double(sums.wrong) < rule.errorRate * Double(sums.parts * TaskEvaluation.batch)
    }
    for part in 0..<size {
      if part == first, !isGood() { break }
      let drawn = try DrawnSample<Element>(
        task, steps: steps ?? self.steps, shortest: steps == nil ? shortest : nil,
        batch: TaskEvaluation.batch, draw: SampleDraw(rootSeed: rootSeed, use: .evaluation(part: part)))
      guard let forced = read(drawn, network) else { return nil }
      if task.topology.feedsBack {
        guard
          let alone = own.score(drawn, by: network, of: task, countsErrors: countsErrors)
        else { return nil }
        sums.add(forced, own: alone)
      } else {
        sums.add(forced)
      }
    }
    return sums.evaluation(of: task, countsErrors: countsErrors, isSuccess: sums.parts == size && isGood())
  }

  /// Whether the task has a count of wrong sequences.
  private var countsErrors: Bool { task.success != nil || task.chance(steps: steps).errorRate != nil }

  /// What the network makes of a part; nil where the state diverged.
  private func read(_ drawn: DrawnSample<Element>, _ network: Network<Element>) -> SequenceScore<Element>? {
    pass.run(network, on: drawn.inputs)
    guard pass.divergence == nil else { return nil }
    var score = SequenceScore(drawn, of: task, readout: network.readout, countsErrors: countsErrors)
    pass.visitOutputs(placement: drawn.placement) { step, count, firstRow, hidden in
      score.add(step: step, sequences: count, firstRow: firstRow, hidden: hidden)
    }
    return score
  }
}
