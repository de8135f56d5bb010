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

/// What the parts of a test set sum up to.
private struct EvaluationSums {
  private(set) var parts = 0
  /// Wrong sequences: where outputs are read as inputs, of those that are said alone.
  private(set) var wrong = 0
  private var loss = 0.0, ownLoss = 0.0, weight = 0.0
  private var firstCount = 0
  private var feedsBack = false
  /// By own step t = 0…T, as those of a part.
  private var losses: [Double] = [], ownLosses: [Double] = []
  private var right: [Int] = [], ownRight: [Int] = [], counts: [Int] = []

  mutating func add<Element: Scalar>(_ forced: SequenceScore<Element>, own: SequenceScore<Element>? = nil) {
    if parts == 0 { firstCount = max(1, forced.count) }
    // 1 for parts of as many outputs as the first.
    let share = Double(forced.count) / Double(firstCount)
    parts += 1
    loss += forced.loss * share
    weight += share
    wrong += own?.wrong ?? forced.wrong
    feedsBack = own != nil
    ownLoss += (own?.loss ?? 0) * share
    losses.add(forced.losses)
    right.add(forced.right)
    counts.add(forced.counts)
    guard let own else { return }
    ownLosses.add(own.losses)
    ownRight.add(own.right)
  }

  /// nil where the loss is no number.
  func evaluation(of task: any LearningTask, countsErrors: Bool, isSuccess: Bool) -> TaskEvaluation? {
    guard loss.isFinite, ownLoss.isFinite else { return nil }
    let sequences = parts * TaskEvaluation.batch
    let classifies = task.objective == .classification
    func rate(_ wrong: Int) -> Double? { countsErrors ? Double(wrong) / Double(sequences) : nil }
    let total = counts.reduce(0, +)
    func accuracy(_ right: [Int]) -> Double? {
      classifies && total > 0 ? Double(right.reduce(0, +)) / Double(total) : nil
    }
    return TaskEvaluation(
      loss: loss / weight, errorRate: rate(wrong), ownLoss: feedsBack ? ownLoss / weight : nil,
      accuracy: accuracy(right), ownAccuracy: feedsBack ? accuracy(ownRight) : nil,
      sequences: sequences, isSuccess: isSuccess,
      steps: counts.indices.filter { counts[$0] > 0 }.map { t in
        func mean(_ sum: Double) -> Double { sum / Double(counts[t]) }
        return TaskEvaluation.StepScore(
          step: t, loss: mean(losses[t]), accuracy: classifies ? mean(Double(right[t])) : nil,
          ownLoss: feedsBack ? mean(ownLosses[t]) : nil,
          ownAccuracy: feedsBack && classifies ? mean(Double(ownRight[t])) : nil, count: counts[t])
      })
  }
}

extension Array where Element: AdditiveArithmetic {
  /// Adds element by element; what is longer goes on where the other ends.
  fileprivate mutating func add(_ other: [Element]) {
    if other.count > count { self += Array(repeating: .zero, count: other.count - count) }
    for k in other.indices { self[k] += other[k] }
  }
}
