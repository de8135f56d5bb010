// swift-format-ignore-file: AlwaysUseLowerCamelCase

import GradientFlow
import TestSupport

extension NaiveNetwork {
  /// The library's backward pass of a tanh or LSTM network with a final-dot loss, under a clip.
  func passed(_ clip: StepClip) -> GradientDiagnosis<Double> {
    cell == .lstm ? passed(LSTMCell.self, clip) : passed(TanhCell.self, clip)
  }

  private func passed<Cell: RecurrentCell<Double>>(
    _: Cell.Type, _ clip: StepClip
  ) -> GradientDiagnosis<Double> {
    func matrix(_ rows: [[Double]], _ columns: Int) -> Matrix<Double> {
      Matrix(rows: rows.count, columns: columns, values: rows.flatMap { $0 })
    }
    guard case .finalDot(let v) = loss else { preconditionFailure("a final-dot loss") }
    let cell = Cell(
      parameters: RecurrentParameters(
        weightIH: matrix(W_ih, sizes.inputSize), weightHH: matrix(W_hh, sizes.hiddenSize),
        biasIH: b_ih, biasHH: b_hh))
    var pass = SequencePass(
      cell: cell,
      shape: SequenceShape(
        steps: sizes.steps, batch: sizes.batch, inputSize: sizes.inputSize,
        hiddenSize: sizes.hiddenSize),
      inputs: self[.x],
      initialState: InitialState(
        hidden: self[.h_0], cell: Cell.carriesCellState ? self[.c_0] : nil))
    return pass.diagnose(loss: FinalDotLoss(direction: v), clip: clip)
  }
}

/// A rule applied to a gradient that is exactly `biasGradient` at the readout's bias and 0
/// elsewhere.
///
/// A readout without weights passes nothing on, and h = 0 gives its weights nothing either: with
/// L = mean of (b − target)², ∂L/∂b = 2 (b − target) / O. Exact for a power of two of entries.
func clip(_ rule: GradientClip, biasGradient: [Double]) -> ClippedGradients<Double> {
  let outputs = biasGradient.count
  let zero = Matrix<Double>(rows: 1, columns: 1)
  let cell = LinearCell(
    parameters: RecurrentParameters(weightIH: zero, weightHH: zero, biasIH: [0], biasHH: [0]))
  var pass = SequencePass(
    cell: cell, shape: SequenceShape(steps: 1, batch: 1, inputSize: 1, hiddenSize: 1), inputs: [0])
  let result = pass.backward(
    loss: MeanSquaredErrorLoss(
      targets: biasGradient.map { -$0 * Double(outputs) / 2 },
      readout: Readout(
        weight: Matrix(rows: outputs, columns: 1), bias: Array(repeating: 0, count: outputs)),
      placement: .finalStep))
  return ClippedGradients(rule, result)
}

extension NetworkBackwardResult {
  /// Of a network that has one layer.
  init(_ result: BackwardResult<Element>) {
    self.init(
      loss: result.loss, gradients: NetworkGradients(result.gradients),
      clippedFraction: result.clippedFraction)
  }
}

extension NetworkGradients {
  /// Of a network that has one layer.
  init(_ gradients: ParameterGradients<Element>) {
    self.init(entries: gradients.named.map { Entry(name: $0.name, gradient: $0.gradient) })
  }
}

extension ClippedGradients {
  /// A clip of one way back through a network that has one layer.
  init(_ clip: GradientClip, _ result: BackwardResult<Element>, unclipped: BackwardResult<Element>? = nil) {
    self.init(
      clip, clipped: NetworkBackwardResult(result), unclipped: NetworkBackwardResult(unclipped ?? result))
  }
}
