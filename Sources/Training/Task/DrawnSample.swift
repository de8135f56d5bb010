import LinearAlgebra
import RecurrentCells
import SequenceTasks

/// A batch of a task's sequences, with what is asked of its outputs.
struct DrawnSample<Element: Scalar> {
  let sample: TaskSample<Element>
  /// T, B and lengths of what the last part of a network reads.
  let shape: BatchShape
  /// The steps whose outputs the loss reads.
  let placement: LossPlacement
  /// T of each sequence as it was asked for: of the source, where another sequence is said.
  let asked: [Int]

  /// - Parameters:
  ///   - steps: T of the longest sequences.
  ///   - shortest: of the shortest ones, lengths being uniform between both; nil: all have T steps.
  init(
    _ task: any LearningTask, steps: Int, shortest: Int?, batch: Int, draw: SampleDraw
  ) throws(SequenceTaskError) {
    if let shortest, shortest < steps {
      let lengths = draw.lengths(shortest: shortest, longest: steps, batch: batch)
      asked = lengths.values
      sample = try task.sample(Element.self, lengths: lengths, draw: draw)
    } else {
      asked = Array(repeating: steps, count: batch)
      sample = try task.sample(Element.self, steps: steps, batch: batch, draw: draw)
    }
    shape = sample.shape(steps: task.outputSteps(steps: asked[0]), batch: batch)
    placement = task.placement(steps: asked[0], lengths: sample.lengths)
  }

  init(sample: TaskSample<Element>, shape: BatchShape, placement: LossPlacement, asked: [Int]) {
    (self.sample, self.shape, self.placement, self.asked) = (sample, shape, placement, asked)
  }

  /// What a network is run on.
  var inputs: NetworkInputs<Element> {
    NetworkInputs(
      shape: shape, inputs: sample.inputs, source: sample.source.map { ($0.shape, $0.inputs) })
  }
}
