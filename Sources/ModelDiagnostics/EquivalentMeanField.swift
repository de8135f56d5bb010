import GradientDiagnostics
import LinearAlgebra
import RecurrentCells

extension SequencePass where Cell.Element == Double {
  /// The mean field of the random network that has this one's second moments: what its gradients would do if W_hh were
  /// drawn and not learned.
  ///
  ///     σ_w² = ‖W_hh‖_F² / H,   s² = mean of (W_ih x_t)² over steps, batch and units,   σ_b² = mean of (b_ih + b_hh)²
  ///
  /// - Returns: nil for weights or inputs so large that a moment is beyond what the theory is computed for.
  /// - Precondition: a plain RNN whose forward pass did not diverge.
  /// - Complexity: 2·B·H·I operations a step.
  mutating func equivalentMeanField(_ activation: Activation) -> MeanField? {
    let parameters = cell.parameters
    let (rows, inputs) = (parameters.weightIH.rows, parameters.inputSize)
    let current = AlignedBuffer<Double>(count: shape.batch * rows)
    var square = 0.0
    visitSteps(.ascending) { step in
      Double.multiply(
        transposeB: true, m: step.batch, n: rows, k: inputs, step.input, parameters.weightIH.values,
        into: current.base)
      square += Double.dot(step.batch * rows, current.base, current.base)
    }
    let biases = zip(parameters.biasIH, parameters.biasHH).map { $0 + $1 }
    let recurrentScale = parameters.weightHH.frobeniusNorm() / Double(rows).squareRoot()
    let inputScale = (square / Double(rows * shape.rowCount)).squareRoot()
    let biasScale = Double.euclideanNorm(biases) / Double(rows).squareRoot()
    guard [recurrentScale, inputScale, biasScale].allSatisfy(MeanField.scales.contains) else { return nil }
    return MeanField(
      activation: activation, recurrentScale: recurrentScale, inputScale: inputScale, biasScale: biasScale)
  }
}
