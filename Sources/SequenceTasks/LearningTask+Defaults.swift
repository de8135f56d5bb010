import Foundation
import RecurrentCells

/// What holds for a task that says nothing else: it answers at the end of the sequence.
extension LearningTask {
  public var testLimit: Int? { nil }
  public var classCount: Int? { objective == .classification ? outputSize : nil }
  public func placement(steps: Int) -> LossPlacement { .finalStep }
  public func scoredSteps(steps: Int) -> ClosedRange<Int> { steps...steps }
  public var topology: SequenceTopology {
    placement(steps: leastSteps) == .finalStep ? .manyToOne : .manyToMany
  }
  public var hasTargetOfEachStep: Bool { placement(steps: leastSteps) != .finalStep }
  public func chanceLoss(at t: Int, lengths: ClosedRange<Int>) -> Double? { nil }
  public func nextToken(afterClass said: Int) -> Int { said }
  public func name(ofToken token: Int) -> String { "\(token)" }
  public func name(ofClass label: Int) -> String { "\(label)" }

  /// The mean over the lengths, each weighted as the loss of a batch weighs it: by its rows that count. The share of
  /// wrong sequences weighs them alike.
  ///
  /// - Complexity: O(lengths).
  public func chance(lengths: ClosedRange<Int>) -> ChanceLevel {
    ChanceLevel(
      mean: lengths.map {
        (chance(steps: $0), Double(placement(steps: $0).count(of: outputSteps(steps: $0))))
      },
      of: objective)
  }
}

extension ChanceLevel {
  /// The mean of levels with weights. Logits are averaged as the probabilities that they stand for.
  init(mean levels: [(level: ChanceLevel, weight: Double)], of objective: TaskObjective) {
    let first = levels[0].level
    guard levels.contains(where: { $0.level != first }) else {
      self = first
      return
    }
    let total = levels.reduce(0) { $0 + $1.weight }
    func mean(_ value: (ChanceLevel) -> Double) -> Double {
      levels.reduce(0) { $0 + $1.weight * value($1.level) } / total
    }
    let rates = levels.compactMap(\.level.errorRate)
    self.init(
      loss: mean(\.loss),
      errorRate: rates.count == levels.count ? rates.reduce(0, +) / Double(rates.count) : nil,
      outputs: first.outputs.indices.map { k in
        switch objective {
        case .regression: return mean { $0.outputs[k] }
        case .classification:
          return log(mean { level in exp(level.outputs[k]) / level.outputs.reduce(0) { $0 + exp($1) } })
        }
      })
  }
}

extension LearningTask {
  /// Refuses sequences that are too short.
  func checkLength(_ steps: Int) throws(SequenceTaskError) {
    guard steps >= leastSteps else {
      throw .sequenceTooShort(task: name, steps: steps, least: leastSteps)
    }
  }
}
