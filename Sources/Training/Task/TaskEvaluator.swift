import RecurrentCells
import SequenceTasks

/// Reads test sequences, forward only.
struct TaskEvaluator<Cell: RecurrentCell>: ~Copyable {
  typealias Element = Cell.Element
  private let task: any LearningTask
  private let steps: Int
  /// Of the whole test set, in batches.
  private let size: Int
  private let rootSeed: UInt64
  private let pass: ReusablePass<Cell>

  /// - Parameter size: sequences of the test set that are wanted.
  init(task: any LearningTask, steps: Int, size: Int, rootSeed: UInt64) {
    self.task = task
    self.steps = steps
    self.size = TaskEvaluation.size(of: task, wanted: size) / TaskEvaluation.batch
    self.rootSeed = rootSeed
    pass = ReusablePass()
  }

  /// Evaluates a network. A tenth of the test set is read first, and the rest only where the success rule holds on it
  /// or there is no rule to tell by: what is far from solved need not be known to four digits.
  ///
  /// - Returns: nil where the state or the loss leaves the range of `Element`.
  func evaluate(_ weights: NetworkWeights<Element>) throws(SequenceTaskError) -> TaskEvaluation? {
    let first = task.success == nil ? size : max(1, size / 10)
    var (loss, wrong, parts) = (0.0, 0, 0)
    func isGood() -> Bool {
      guard let rule = task.success else { return false }
      return Double(wrong) < rule.errorRate * Double(parts * TaskEvaluation.batch)
    }
    for part in 0..<size {
      if part == first, !isGood() { break }
      guard let found = try read(part, weights) else { return nil }
      loss += found.loss
      wrong += found.wrong
      parts += 1
    }
    let count = parts * TaskEvaluation.batch
    guard loss.isFinite else { return nil }
    return TaskEvaluation(
      loss: loss / Double(parts), errorRate: countsErrors ? Double(wrong) / Double(count) : nil,
      sequences: count, isSuccess: parts == size && isGood())
  }

  /// Whether the task has a count of wrong sequences.
  private var countsErrors: Bool { task.success != nil || task.chance(steps: steps).errorRate != nil }

  /// Mean loss and number of wrong sequences of a part; nil where the state diverged.
  private func read(
    _ part: Int, _ weights: NetworkWeights<Element>
  ) throws(SequenceTaskError) -> (loss: Double, wrong: Int)? {
    let batch = TaskEvaluation.batch
    let sample = try task.sample(
      Element.self, steps: steps, batch: batch,
      draw: SampleDraw(rootSeed: rootSeed, use: .evaluation(part: part)))
    let shape = SequenceShape(
      steps: steps, batch: batch, inputSize: weights.recurrent.inputSize,
      hiddenSize: weights.recurrent.hiddenSize)
    pass.run(
      Cell(parameters: weights.recurrent), shape: shape, inputs: sample.inputs, initialState: nil)
    guard pass.divergedAt == nil else { return nil }
    let placement = task.placement(steps: steps)
    let scored = task.scoredSteps(steps: steps)
    let counts = countsErrors
    let size = weights.readout.outputSize
    let weight = 1 / Double(placement.count(of: steps) * batch)
    var workspace = ReadoutWorkspace(readout: weights.readout, batch: batch)
    var isWrong = [Bool](repeating: false, count: batch)
    var loss = 0.0
    pass.visit { step in
      guard placement.includes(step.time, of: steps) else { return }
      workspace.forward(weights.readout, batch: batch, hidden: step.hidden)
      let row = placement == .finalStep ? 0 : (step.time - 1) * batch
      let isScored = counts && scored.contains(step.time)
      switch task.objective {
      case .classification:
        if isScored {
          for b in 0..<batch where largest(workspace.outputs, b, size) != sample.classes[row + b] {
            isWrong[b] = true
          }
        }
        loss += sample.classes.withUnsafeBufferPointer {
          Element.softmaxCrossEntropy(
            count: batch, width: size, weight: weight, classes: $0.baseAddress! + row, &workspace.outputs,
            exponents: nil, scratch: &workspace.scratch)
        }
      case .regression:
        if isScored, let tolerance = task.success?.tolerance {
          for k in 0..<batch * size {
            let distance = Double(workspace.outputs[k]) - Double(sample.values[row * size + k])
            if !(distance.magnitude <= tolerance) { isWrong[k / size] = true }
          }
        }
        loss += sample.values.withUnsafeBufferPointer {
          Element.meanSquaredError(
            batch * size, target: $0.baseAddress! + row * size, &workspace.outputs)
            / Double(placement.count(of: steps))
        }
      }
    }
    return (loss, isWrong.count { $0 })
  }

  /// The class with the largest output; the first of equals.
  private func largest(_ outputs: [Element], _ b: Int, _ size: Int) -> Int {
    var best = 0
    for k in 1..<max(1, size) where outputs[b * size + k] > outputs[b * size + best] { best = k }
    return best
  }
}
