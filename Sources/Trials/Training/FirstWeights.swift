import GradientFlow
import Specification

/// The initial weights of training.
struct FirstWeights {
  package let p: TrialParameters
  package let training: TrainingParameters
  package let task: any LearningTask

  /// All of them, in double precision.
  ///
  /// - Parameter block: blocks of W_hh that are scaled to a spectral radius.
  /// - Throws: `LinearAlgebraError` where such a block cannot be had.
  package func draw(
    block: (Int) throws(LinearAlgebraError) -> Matrix<Double>
  ) throws(LinearAlgebraError) -> NetworkWeights<Double> {
    NetworkWeights(recurrent: try recurrent(block), readout: readout)
  }

  private func recurrent(
    _ block: (Int) throws(LinearAlgebraError) -> Matrix<Double>
  ) throws(LinearAlgebraError) -> RecurrentParameters<Double> {
    var recipe = ParameterRecipe(
      cell: p.cell, hiddenSize: p.hiddenSize, inputSize: task.inputSize, initializer: p.initializer,
      spectralRadius: p.spectralRadius, inputScale: p.inputScale, meanInputSquare: task.meanInputSquare,
      forgetBias: p.forgetBias ?? 0, rootSeed: p.rootSeed, seed: p.seed)
    guard let deviation = training.weightDeviation else {
      return try withoutActuallyEscaping(block) { block throws(LinearAlgebraError) in
        try recipe.parameters(block: block)
      }
    }
    // W_ih ~ N(0, s²) whatever the inputs are.
    (recipe.inputScale, recipe.meanInputSquare) = (deviation, 1)
    return try recipe.parameters { gate throws(LinearAlgebraError) in
      var stream = RandomStream(
        rootSeed: p.rootSeed, trialSeed: p.seed, purpose: .hiddenWeights(block: gate))
      return Matrix(
        rows: p.hiddenSize, columns: p.hiddenSize,
        values: stream.normals(p.hiddenSize * p.hiddenSize, standardDeviation: deviation))
    }
  }

  private var readout: Readout<Double> {
    let (outputs, hidden) = (task.outputSize, p.hiddenSize)
    switch training.readout {
    case .drawn:
      var stream = RandomStream(rootSeed: p.rootSeed, trialSeed: p.seed, purpose: .readout)
      let deviation = training.weightDeviation ?? 1 / Double(hidden).squareRoot()
      return Readout(
        weight: Matrix(
          rows: outputs, columns: hidden,
          values: stream.normals(outputs * hidden, standardDeviation: deviation)),
        bias: Array(repeating: 0, count: outputs))
    case .chance:
      return Readout(
        weight: Matrix(rows: outputs, columns: hidden), bias: task.chance(steps: p.sequenceLength).outputs)
    }
  }
}
