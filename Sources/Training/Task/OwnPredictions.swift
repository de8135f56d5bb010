import LinearAlgebra
import RecurrentCells
import SequenceTasks

/// Lets a network say sequences alone: what it reads after the first step is the class with the largest output of the
/// step before.
///
/// All sequences start together, so each counts its own steps from 1.
///
/// - Complexity: T steps of all B sequences, whatever their lengths.
final class OwnPredictions<Cell: RecurrentCell> {
  typealias Element = Cell.Element
  private let encoder = NetworkPass<Cell>()
  private let step = NetworkPass<Cell>()

  /// Compares what is said with the targets.
  ///
  /// - Returns: nil where a state leaves the range.
  func score(
    _ drawn: DrawnSample<Element>, by network: Network<Element>, of task: any LearningTask,
    countsErrors: Bool
  ) -> SequenceScore<Element>? {
    let shape = drawn.shape.with(inputSize: 1, hiddenSize: 1)
    guard let said = say(drawn, by: network, of: task) else { return nil }
    var score = SequenceScore(drawn, of: task, readout: network.readout, countsErrors: countsErrors)
    for t in 1...shape.steps {
      let first = shape.firstRow(of: t)
      said.withUnsafeBufferPointer {
        guard let rows = $0.baseAddress else { return }
        score.add(
          step: t, sequences: shape.count(at: t), firstRow: first,
          hidden: rows + first * network.readout.weight.columns)
      }
    }
    return score
  }

  /// What the last layer gives for what is said, row by row as the targets are packed [rows, D·H].
  ///
  /// - Returns: nil where a state leaves the range.
  func say(
    _ drawn: DrawnSample<Element>, by network: Network<Element>, of task: any LearningTask
  ) -> [Element]? {
    let shape = drawn.shape.with(inputSize: 1, hiddenSize: 1)
    let (steps, batch) = (shape.steps, shape.batch)
    var state: NetworkState<Element>?
    if let source = drawn.sample.source, let reader = network.encoderAlone {
      encoder.run(reader, on: NetworkInputs(shape: source.shape, inputs: source.inputs))
      guard encoder.divergence == nil else { return nil }
      state = encoder.finalState
    }
    let speaker = network.withoutEncoder
    var inputs = first(of: drawn, shape)
    let width = speaker.readout.weight.columns
    var said = [Element](repeating: 0, count: shape.rowCount * width)
    var workspace = ReadoutWorkspace(readout: speaker.readout, batch: batch)
    for t in 1...steps {
      step.run(
        speaker,
        on: NetworkInputs(shape: BatchShape(steps: 1, batch: batch), inputs: inputs, initialState: state))
      guard step.divergence == nil else { return nil }
      state = step.finalState
      let outputs = step.outputs
      for b in 0..<batch where t <= shape.length(of: b) {
        let row = shape.firstRow(of: shape.start(of: b) + t) + b
        said.replaceSubrange(row * width..<(row + 1) * width, with: outputs[b * width..<(b + 1) * width])
      }
      workspace.forward(speaker.readout, batch: batch, hidden: outputs)
      inputs = next(after: workspace.outputs, speaker.readout.outputSize, like: inputs, batch, task)
    }
    return said
  }

  /// What each sequence reads at its first step, which nobody has said.
  private func first(of drawn: DrawnSample<Element>, _ shape: SequenceShape) -> SequenceInputs<Element> {
    let rows = (0..<shape.batch).map { b in shape.firstRow(of: shape.start(of: b) + 1) + b }
    switch drawn.sample.inputs {
    case .tokens(let ids, let count): return .tokens(rows.map { ids[$0] }, count: count)
    case .dense(let values):
      let width = values.count / shape.rowCount
      return .dense(rows.flatMap { values[$0 * width..<($0 + 1) * width] })
    }
  }

  /// The classes with the largest outputs, as they are read.
  private func next(
    after outputs: [Element], _ size: Int, like inputs: SequenceInputs<Element>, _ batch: Int,
    _ task: any LearningTask
  ) -> SequenceInputs<Element> {
    let tokens = outputs.withUnsafeBufferPointer { outputs in
      (0..<batch).map { task.nextToken(afterClass: largest(outputs, $0, size)) }
    }
    let width = inputs.width(rows: batch)
    let next = SequenceInputs<Element>.tokens(tokens, count: width)
    if case .dense = inputs { return .dense(next.dense) }
    return next
  }
}

extension Network {
  /// The encoder as a network of its own, whose outputs no one reads; nil without one.
  fileprivate var encoderAlone: Network? {
    encoder.map {
      Network(
        embedding: $0.embedding, recurrent: $0.recurrent,
        readout: Readout(weight: Matrix(rows: 1, columns: $0.recurrent.outputSize), bias: [0]))
    }
  }

  /// What follows the encoder, started from states.
  fileprivate var withoutEncoder: Network {
    Network(embedding: embedding, recurrent: recurrent, readout: readout, tiesReadout: tiesReadout)
  }
}
