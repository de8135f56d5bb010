import GradientFlow
import Specification

/// The initial weights of training.
struct FirstWeights {
  let p: TrialParameters
  let training: TrainingParameters
  let task: any LearningTask
  /// How its network is drawn where the specification gives no deviation.
  let recipe: ParameterRecipe

  /// All of them, in double precision.
  ///
  /// - Parameter block: blocks of W_hh that are scaled to a spectral radius.
  /// - Throws: `LinearAlgebraError` where such a block cannot be drawn.
  func draw(
    block: @escaping (Int) throws(LinearAlgebraError) -> Matrix<Double>
  ) throws(LinearAlgebraError) -> NetworkWeights<Double> {
    NetworkWeights(recurrent: try recurrent(block), readout: readout)
  }

  private func recurrent(
    _ block: @escaping (Int) throws(LinearAlgebraError) -> Matrix<Double>
  ) throws(LinearAlgebraError) -> RecurrentParameters<Double> {
    guard let deviation = training.weightDeviation else { return try recipe.parameters(block: block) }
    var recipe = recipe
    // W_ih ~ N(0, s²) whatever the inputs are.
    (recipe.inputScale, recipe.meanInputSquare) = (deviation, 1)
    return try recipe.parameters { gate throws(LinearAlgebraError) in
      var stream = p.stream(.hiddenWeights(block: gate))
      return Matrix(
        rows: p.hiddenSize, columns: p.hiddenSize,
        values: stream.normals(p.hiddenSize * p.hiddenSize, standardDeviation: deviation))
    }
  }

  private var readout: Readout<Double> {
    switch training.readout {
    case .drawn: return p.readout(task.outputSize, deviation: training.weightDeviation)
    case .chance:
      return Readout(
        weight: Matrix(rows: task.outputSize, columns: p.hiddenSize),
        bias: task.chance(steps: p.sequenceLength).outputs)
    }
  }
}
