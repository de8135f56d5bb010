import GradientFlow
import Specification

/// Where the measured sequence of a trial starts: the state before its washout, and the inputs of that.
struct TrialStart {
  let p: TrialParameters
  let task: TrialTask
  let samples: TrialSampleCache

  /// h_0 ~ N(0, s²) [B, H] and, for a cell with c, c_0 likewise, each from its own stream; nil for s = 0.
  package func state<Element: Scalar>(_ type: Element.Type) -> InitialState<Element>? {
    guard p.initialStateScale > 0 else { return nil }
    func draw(_ purpose: RandomPurpose) -> [Element] {
      var stream = p.stream(purpose)
      return Element.array(
        stream.normals(p.batchSize * p.hiddenSize, standardDeviation: p.initialStateScale))
    }
    return InitialState(
      hidden: draw(.initialHidden), cell: p.cell.carriesCellState ? draw(.initialCell) : nil)
  }

  /// Inputs of the washout [W, B, I]: the last W steps of sequences of the same task, drawn from streams of their own, so
  /// that the measured ones are the same whatever W is.
  package func washout<Element: Scalar>(
    _ type: Element.Type, inputSize: Int
  ) throws(SequenceTaskError) -> [Element] {
    guard p.washout > 0 else { return [] }
    guard let learning = task.learning(p) else {
      return try samples.sample(
        GaussianNoise(inputSize: inputSize), p, steps: p.washout, use: .washout, type
      ).inputs
    }
    let steps = max(p.washout, learning.leastSteps)
    let inputs = try learning.sample(
      type, steps: steps, batch: p.batchSize,
      draw: SampleDraw(rootSeed: p.rootSeed, seed: p.seed, use: .washout)
    ).inputs
    return steps == p.washout ? inputs : Array(inputs.suffix(p.washout * p.batchSize * inputSize))
  }
}
