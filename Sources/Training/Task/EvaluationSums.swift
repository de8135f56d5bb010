import LinearAlgebra
import SequenceTasks

/// What the parts of a test set sum up to.
struct EvaluationSums {
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
