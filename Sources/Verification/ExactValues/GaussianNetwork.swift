import GradientFlow

/// The networks of mean-field theory.
///
///     blocks of W_hh ~ N(0, σ_w²/H),   W_ih ~ N(0, s²/I),   b ~ N(0, σ_b²),   x ~ N(0, 1)
struct GaussianNetwork: Sendable {
  package var cell: CellKind
  package var hiddenSize: Int
  package var inputSize: Int
  package var recurrentScale: Double
  package var inputScale: Double
  package var biasScale = 0.0
  package var forgetBias = 0.0
  package var seed = 0

  private static let rootSeed: UInt64 = 1986

  /// Numbers for one purpose of this network alone.
  package func stream(_ purpose: RandomPurpose) -> RandomStream {
    RandomStream(rootSeed: Self.rootSeed, trialSeed: UInt64(seed), purpose: purpose)
  }

  package func parameters() throws -> RecurrentParameters<Double> {
    let recipe = ParameterRecipe(
      cell: cell, hiddenSize: hiddenSize, inputSize: inputSize, spectralRadius: 1, inputScale: inputScale,
      forgetBias: forgetBias, rootSeed: Self.rootSeed, seed: UInt64(seed))
    var parameters = try recipe.parameters { gate throws(LinearAlgebraError) in
      var weights = stream(.hiddenWeights(block: gate))
      return Matrix(
        rows: hiddenSize, columns: hiddenSize,
        values: weights.normals(
          hiddenSize * hiddenSize, standardDeviation: recurrentScale / Double(hiddenSize).squareRoot()))
    }
    if biasScale > 0 {
      var biases = stream(.other(1))
      parameters.biasHH = biases.normals(parameters.biasHH.count, standardDeviation: biasScale)
    }
    return parameters
  }

  package func shape(steps: Int, batch: Int) -> SequenceShape {
    SequenceShape(steps: steps, batch: batch, inputSize: inputSize, hiddenSize: hiddenSize)
  }

  /// White noise for every step and sequence.
  package func inputs(_ shape: SequenceShape) -> [Double] {
    var noise = stream(.inputs)
    return noise.normals(shape.inputCount)
  }

  /// L = v · h_T, v ~ N(0, 1) a unit.
  package func loss() -> FinalDotLoss<Double> {
    var direction = stream(.targets)
    return FinalDotLoss(direction: direction.normals(hiddenSize))
  }
}

/// A linear network without input, which only multiplies by its weights.
func linearPass(_ weights: Matrix<Double>, steps: Int) -> SequencePass<LinearCell<Double>> {
  let n = weights.rows
  let zeros = [Double](repeating: 0, count: n)
  let parameters = RecurrentParameters(
    weightIH: Matrix(rows: n, columns: 1), weightHH: weights, biasIH: zeros, biasHH: zeros)
  return SequencePass(
    cell: LinearCell(parameters: parameters),
    shape: SequenceShape(steps: steps, batch: 1, inputSize: 1, hiddenSize: n),
    inputs: [Double](repeating: 0, count: steps))
}

/// An LSTM of H = 64 and I = 8, each block of W_hh at a spectral radius, over one sequence of white noise.
func scaledLSTMPass(
  forgetBias: Double, spectralRadius: Double, inputScale: Double = 1, steps: Int, seed: Int
) throws -> SequencePass<LSTMCell<Double>> {
  let recipe = ParameterRecipe(
    cell: .lstm, hiddenSize: 64, inputSize: 8, spectralRadius: spectralRadius, inputScale: inputScale,
    forgetBias: forgetBias, rootSeed: 1986, seed: UInt64(seed))
  let shape = SequenceShape(steps: steps, batch: 1, inputSize: 8, hiddenSize: 64)
  var inputs = RandomStream(rootSeed: 1986, trialSeed: UInt64(seed), purpose: .inputs)
  return SequencePass(
    cell: LSTMCell(parameters: try recipe.parameters()), shape: shape,
    inputs: inputs.normals(shape.inputCount))
}
