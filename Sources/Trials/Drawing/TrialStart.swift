import GradientFlow
import Specification

/// Where the measured sequence of a trial starts: the states before its washout, and the inputs of that.
struct TrialStart {
  let p: TrialParameters
  let task: TrialTask
  let samples: TrialSampleCache

  /// h_0 ~ N(0, s²) [B, H] of each layer and direction and, for a cell with c, c_0 likewise, each from its own stream; nil
  /// for s = 0.
  package func state<Element: Scalar>(_ network: Network<Element>) -> NetworkState<Element>? {
    guard p.initialStateScale > 0 else { return nil }
    func draw(_ purpose: RandomPurpose, _ place: LayerPlace) -> [Element] {
      var stream = p.stream(purpose, part: place.streamPart)
      return Element.array(
        stream.normals(p.batchSize * p.hiddenSize, standardDeviation: p.initialStateScale))
    }
    return NetworkState(
      layers: network.recurrent.layers.indices.map { layer in
        network.recurrent.directions.map { direction in
          let place = LayerPlace(layer: layer, direction: direction)
          return InitialState(
            hidden: draw(.initialHidden, place),
            cell: p.cell.carriesCellState ? draw(.initialCell, place) : nil)
        }
      })
  }

  /// Inputs of the washout [W, B, ·]: the last W steps of sequences of the same task, drawn from streams of their own, so
  /// that the measured ones are the same whatever W is; nil for W = 0.
  package func washout<Element: Scalar>(
    _ type: Element.Type
  ) throws(SequenceTaskError) -> SequenceInputs<Element>? {
    guard p.washout > 0 else { return nil }
    guard let learning = task.learning(p) else {
      return try samples.sample(
        GaussianNoise(inputSize: task.inputSize(p)), p, washout: p.washout, type
      ).inputs
    }
    let steps = max(p.washout, learning.leastSteps)
    let inputs = try learning.sample(type, steps: steps, batch: p.batchSize, draw: p.draw(.washout)).inputs
    if steps == p.washout { return inputs }
    return inputs.slice((steps - p.washout) * p.batchSize..<steps * p.batchSize, of: steps * p.batchSize)
  }
}
