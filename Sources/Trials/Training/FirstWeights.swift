import GradientFlow
import Specification

/// The initial weights of training.
struct FirstWeights {
  let p: TrialParameters
  let training: TrainingParameters
  let task: any LearningTask
  let network: TrialNetwork

  /// All of them, in double precision.
  ///
  /// - Throws: `LinearAlgebraError` where a block of W_hh cannot be scaled to its radius.
  func draw() throws(LinearAlgebraError) -> Network<Double> {
    var drawn = try network.draw().network
    switch training.readout {
    case .drawn: break
    case .chance:
      drawn.readout = Readout(
        weight: Matrix(rows: task.outputSize, columns: drawn.recurrent.outputSize),
        bias: task.chance(of: p).outputs)
    }
    return drawn
  }
}
