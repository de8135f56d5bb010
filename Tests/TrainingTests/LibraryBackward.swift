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

/// The rule applied to gradients that no recursion clipped.
func clip(
  _ rule: GradientClip, _ gradients: ParameterGradients<Double>
) -> ClippedGradients<Double> {
  // The only public source of a result is a pass: the smallest one, with its gradients replaced.
  let clipped = ClippedGradients(rule, clipped: result(gradients), unclipped: result(gradients))
  return clipped
}
