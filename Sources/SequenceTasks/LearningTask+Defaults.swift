import RecurrentCells

/// What holds for a task that says nothing else: it answers at the end of the sequence.
extension LearningTask {
  public var testLimit: Int? { nil }
  public var classCount: Int? { objective == .classification ? outputSize : nil }
  public func placement(steps: Int) -> LossPlacement { .finalStep }
  public func scoredSteps(steps: Int) -> ClosedRange<Int> { steps...steps }
  public var topology: SequenceTopology { placement(steps: leastSteps) == .finalStep ? .manyToOne : .manyToMany }
  public var allowsLengths: Bool { false }
  public func outputSteps(steps: Int) -> Int { steps }
}

extension LearningTask {
  /// Refuses sequences that are too short.
  func checkLength(_ steps: Int, _ name: String) throws(SequenceTaskError) {
    guard steps >= leastSteps else {
      throw .sequenceTooShort(task: name, steps: steps, least: leastSteps)
    }
  }
}
