import LinearAlgebra
import RecurrentCells
import SequenceTasks

/// Reads a part of a text in order, with the states carried from chunk to chunk, forward only.
struct HeldOutReader<Cell: RecurrentCell>: ~Copyable {
  typealias Element = Cell.Element
  private let task: any StreamTask
  /// T of a chunk.
  private let steps: Int
  // The state that is carried has to be on the tape.
  private let pass = NetworkPass<Cell>(tapeBudget: .max)

  init(task: any StreamTask, steps: Int) {
    self.task = task
    self.steps = steps
  }

  /// What a network makes of a stream: each of its tokens counts alike.
  ///
  /// - Returns: nil where the state or the loss leaves the range of `Element`, or nothing is told.
  /// - Complexity: a forward pass of all readers; O(T·B·H) memory.
  func evaluate(_ network: Network<Element>, _ stream: HeldOutStream) -> TaskEvaluation? {
    var (loss, right, told) = (0.0, 0, 0)
    var state: NetworkState<Element>?
    for index in 0..<stream.chunks(of: steps) {
      let own = stream.steps(ofChunk: index, of: steps)
      let shape = BatchShape(steps: own, batch: stream.readers)
      let drawn = DrawnSample(
        sample: stream.chunk(Element.self, index: index, of: steps), shape: shape, placement: .everyStep,
        asked: Array(repeating: own, count: shape.batch))
      var inputs = drawn.inputs
      inputs.initialState = state
      pass.run(network, on: inputs)
      guard pass.divergence == nil else { return nil }
      state = pass.state(own)
      var score = SequenceScore(drawn, of: task, readout: network.readout, countsErrors: false)
      guard score.count > 0 else { continue }
      pass.visitOutputs(placement: .everyStep) { step, count, firstRow, hidden in
        score.add(step: step, sequences: count, firstRow: firstRow, hidden: hidden)
      }
      loss += score.loss * Double(score.count)
      right += score.right.reduce(0, +)
      told += score.count
    }
    guard told > 0, loss.isFinite else { return nil }
    return TaskEvaluation(
      loss: loss / Double(told), errorRate: nil, ownLoss: nil, accuracy: Double(right) / Double(told),
      ownAccuracy: nil, sequences: (told + steps - 1) / steps, isSuccess: false, steps: [])
  }
}

/// The parts of a text that a task is tested on.
struct HeldOutParts {
  let task: any StreamTask
  let validation, test: HeldOutStream

  /// nil for a task that draws its test sequences.
  init?(_ task: any StreamTask) {
    guard let validation = task.heldOut(.validation), let test = task.heldOut(.test) else { return nil }
    (self.task, self.validation, self.test) = (task, validation, test)
  }
}
