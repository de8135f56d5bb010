import LinearAlgebra
import RecurrentCells
import SequenceTasks

extension DrawnSample {
  /// One of the sequences of a batch as a batch of its own.
  func alone(_ b: Int, of task: any LearningTask) -> DrawnSample {
    let rows = shape.rows(of: b)
    let hasTargetOfEachStep = placement != .finalStep
    let targets = hasTargetOfEachStep ? rows : [b]
    let width = sample.values.count / max(1, hasTargetOfEachStep ? shape.rowCount : shape.batch)
    var own = TaskSample(
      sample.inputs.rows(rows, of: shape.rowCount),
      classes: sample.classes.isEmpty ? [] : targets.map { sample.classes[$0] },
      values: targets.flatMap { sample.values[$0 * width..<($0 + 1) * width] })
    if let source = sample.source {
      let read = source.shape.rows(of: b)
      own.source = .init(
        shape: BatchShape(steps: read.count, batch: 1),
        inputs: source.inputs.rows(read, of: source.shape.rowCount))
    }
    return DrawnSample(
      sample: own, shape: BatchShape(steps: rows.count, batch: 1),
      placement: task.placement(steps: asked[b]), asked: [asked[b]])
  }
}

extension BatchShape {
  /// The rows of a sequence, from its own first step on.
  fileprivate func rows(of b: Int) -> [Int] {
    let shape = with(inputSize: 1, hiddenSize: 1)
    return (shape.start(of: b) + 1...steps).map { shape.firstRow(of: $0) + b }
  }
}

extension SequenceInputs {
  /// Some rows of so many.
  fileprivate func rows(_ rows: [Int], of count: Int) -> SequenceInputs {
    switch self {
    case .tokens(let ids, let tokens): return .tokens(rows.map { ids[$0] }, count: tokens)
    case .dense(let values):
      let width = values.count / count
      return .dense(rows.flatMap { values[$0 * width..<($0 + 1) * width] })
    }
  }
}
